// Actions that belong to the window as a whole.
import { Archive, Database, FileText, Inbox, Keyboard, RefreshCw, Search, Send, Settings, SunMoon, Undo2, UserPlus } from "lucide-react";
import { toast } from "../design";
import { write } from "../engine";
import { translate } from "../i18n";
import { useActions } from "./actions";
import { openHelp } from "./help";
import { go } from "./navigate";
import { openPalette } from "./palette";
import { basePath, mailPath, outboxPath, settingsPath } from "./paths";
import { patchSettings } from "./settings";
import { undoNewest } from "./undo";

async function undo(): Promise<void> {
  if (await undoNewest()) toast(translate("shell:undone"));
  else toast(translate("shell:nothing_to_undo"));
}

function switchTheme(): void {
  const dark = getComputedStyle(document.documentElement).colorScheme.includes("light")
    ? globalThis.matchMedia("(prefers-color-scheme: dark)").matches && document.documentElement.dataset["theme"] === "system"
    : true;
  void patchSettings({ theme: dark ? "light" : "dark" });
}

export function useAppActions(): void {
  useActions([
    { id: "app.palette", title: "shell:action.palette", icon: Search, keys: ["mod+k"], scope: "app", inFields: true, quiet: true, perform: () => openPalette() },
    { id: "app.undo", title: "shell:action.undo", icon: Undo2, keys: ["mod+z", "z"], scope: "app", perform: () => void undo() },
    { id: "app.help", title: "shell:action.help", icon: Keyboard, keys: ["?"], scope: "app", perform: openHelp },
    { id: "go.mail", title: "shell:action.go_mail", icon: Inbox, keys: ["g i"], scope: "app", perform: () => go(mailPath()) },
    { id: "go.sent", title: "shell:action.go_sent", icon: Send, keys: ["g s"], scope: "app", perform: () => go(mailPath({ role: "sent" })) },
    { id: "go.drafts", title: "shell:action.go_drafts", icon: FileText, keys: ["g d"], scope: "app", perform: () => go(mailPath({ role: "drafts" })) },
    { id: "go.archive", title: "shell:action.go_archive", icon: Archive, keys: ["g a"], scope: "app", perform: () => go(mailPath({ role: "archive" })) },
    { id: "go.bases", title: "shell:action.go_bases", icon: Database, keys: ["g b"], scope: "app", perform: () => go(basePath()) },
    { id: "go.outbox", title: "shell:action.go_outbox", icon: Send, keys: ["g o"], scope: "app", perform: () => go(outboxPath) },
    { id: "go.settings", title: "shell:action.go_settings", icon: Settings, keys: ["mod+,", "g ,"], scope: "app", inFields: true, perform: () => go(settingsPath()) },
    { id: "account.sync", title: "shell:action.sync", icon: RefreshCw, keys: ["f5"], scope: "app", inFields: true, perform: () => void write("account.sync", { id: null }) },
    { id: "account.add", title: "shell:action.add_account", icon: UserPlus, scope: "app", perform: () => go(settingsPath("accounts", "new")) },
    { id: "app.theme", title: "shell:action.theme", icon: SunMoon, scope: "app", perform: switchTheme },
  ]);
}
