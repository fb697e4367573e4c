// What only a desktop can do, with the nearest thing a browser has. The plug-ins are loaded when they
// are first needed.
import type { PastedFile } from "./bindings";
import { inTauri } from "./transport";

/** A file the user chose: its path where the window may know it, else its bytes. */
export type PickedFile = { path: string; bytes: null } | { path: null; bytes: PastedFile };

export interface FileFilter {
  name: string;
  /** Without dots, such as `csv`. */
  extensions: string[];
}

/** A file as the door takes pasted ones. */
export async function fileBytes(file: File): Promise<PastedFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return { filename: file.name, mime: file.type || "application/octet-stream", base64: btoa(binary) };
}

/** Lets the user choose files; empty where the dialog was left. */
export async function pickFiles(
  options: { multiple?: boolean; filters?: FileFilter[]; title?: string } = {},
): Promise<PickedFile[]> {
  if (inTauri) {
    const { open } = await import("@tauri-apps/plugin-dialog");
    const chosen = await open({ multiple: options.multiple ?? false, filters: options.filters, title: options.title });
    const paths = chosen === null ? [] : Array.isArray(chosen) ? chosen : [chosen];
    return paths.map((path) => ({ path, bytes: null }));
  }
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = options.multiple ?? false;
    input.accept = (options.filters ?? []).flatMap((f) => f.extensions.map((e) => `.${e}`)).join(",");
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])];
      void Promise.all(files.map(async (file) => ({ path: null, bytes: await fileBytes(file) }))).then(resolve);
    });
    input.addEventListener("cancel", () => resolve([]));
    input.click();
  });
}

/** Path of a file on this machine for commands that read it themselves; null where none was chosen. */
export async function pickPath(options: { filters?: FileFilter[]; title: string }): Promise<string | null> {
  if (inTauri) return (await pickFiles(options))[0]?.path ?? null;
  // A browser hides paths; its engine runs on the same machine, so a typed one works.
  return globalThis.prompt(options.title)?.trim() || null;
}

/** A folder to save into; null where none was chosen. */
export async function pickFolder(title: string): Promise<string | null> {
  if (inTauri) {
    const { open } = await import("@tauri-apps/plugin-dialog");
    return (await open({ directory: true, title })) as string | null;
  }
  return globalThis.prompt(title)?.trim() || null;
}

/** Where to save a file; null where none was chosen. */
export async function pickSavePath(suggested: string, title: string): Promise<string | null> {
  if (inTauri) {
    const { save } = await import("@tauri-apps/plugin-dialog");
    return save({ defaultPath: suggested, title });
  }
  return globalThis.prompt(title, suggested)?.trim() || null;
}

/** A path of that name in the system's folder for passing files; null in a browser. */
export async function temporaryPath(filename: string): Promise<string | null> {
  if (!inTauri) return null;
  const { join, tempDir } = await import("@tauri-apps/api/path");
  return join(await tempDir(), filename);
}

/** Opens a web or mail address outside of Tabella; other schemes are refused. */
export async function openLink(url: string): Promise<void> {
  if (!/^(https?|mailto|tel):/i.test(url)) return;
  if (inTauri) {
    const { openUrl } = await import("@tauri-apps/plugin-opener");
    await openUrl(url);
    return;
  }
  globalThis.open(url, "_blank", "noopener,noreferrer");
}

/** Shows a saved file in the system's file manager; nothing in a browser. */
export async function revealPath(path: string): Promise<void> {
  if (!inTauri) return;
  const { revealItemInDir } = await import("@tauri-apps/plugin-opener");
  await revealItemInDir(path);
}

/** Opens a saved file with its program; nothing in a browser. */
export async function openFile(path: string): Promise<void> {
  if (!inTauri) return;
  const { openPath } = await import("@tauri-apps/plugin-opener");
  await openPath(path);
}

/** Whether saved files can be shown and opened. */
export const canReveal = inTauri;

/** Shows a desktop notification where the user allows them. */
export async function notify(title: string, body: string): Promise<void> {
  if (inTauri) {
    const plugin = await import("@tauri-apps/plugin-notification");
    const granted =
      (await plugin.isPermissionGranted()) || (await plugin.requestPermission()) === "granted";
    if (granted) plugin.sendNotification({ title, body });
    return;
  }
  if (!("Notification" in globalThis)) return;
  if (Notification.permission === "default") await Notification.requestPermission();
  if (Notification.permission === "granted") new Notification(title, { body });
}

/** The window's title, and the count on its icon where the system has one. */
export async function setWindowTitle(title: string, unread: number): Promise<void> {
  document.title = title;
  if (!inTauri) return;
  const { getCurrentWindow } = await import("@tauri-apps/api/window");
  const window = getCurrentWindow();
  await window.setTitle(title).catch(() => {});
  // Not every desktop has a place for a count.
  await window.setBadgeCount(unread > 0 ? unread : undefined).catch(() => {});
}

/** What the system asked the program to open, at its start and later: `mailto:` addresses and paths of bases; returns the end of it. */
export function onOpened(handler: (asked: string[]) => void): () => void {
  if (!inTauri) return () => {};
  let stop: (() => void) | null = null;
  let ended = false;
  void (async () => {
    const [{ invoke }, { listen }] = await Promise.all([import("@tauri-apps/api/core"), import("@tauri-apps/api/event")]);
    const take = async () => {
      const asked = await invoke<string[]>("opened");
      if (asked.length > 0 && !ended) handler(asked);
    };
    const unlisten = await listen("opened", () => void take());
    if (ended) unlisten();
    else stop = unlisten;
    await take();
  })();
  return () => {
    ended = true;
    stop?.();
  };
}

/** Files dropped on the window from outside; returns the end of it. */
export function onFilesDropped(
  handler: (files: PickedFile[], at: { x: number; y: number }) => void,
): () => void {
  if (inTauri) {
    let stop: (() => void) | null = null;
    let ended = false;
    void import("@tauri-apps/api/webview").then(async ({ getCurrentWebview }) => {
      const unlisten = await getCurrentWebview().onDragDropEvent((event) => {
        if (event.payload.type !== "drop" || event.payload.paths.length === 0) return;
        const scale = globalThis.devicePixelRatio || 1;
        const { x, y } = event.payload.position;
        handler(event.payload.paths.map((path) => ({ path, bytes: null })), { x: x / scale, y: y / scale });
      });
      if (ended) unlisten();
      else stop = unlisten;
    });
    return () => {
      ended = true;
      stop?.();
    };
  }
  const over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  };
  const drop = (event: DragEvent) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void Promise.all(files.map(async (file) => ({ path: null, bytes: await fileBytes(file) }))).then((picked) =>
      handler(picked, { x: event.clientX, y: event.clientY }),
    );
  };
  globalThis.addEventListener("dragover", over);
  globalThis.addEventListener("drop", drop);
  return () => {
    globalThis.removeEventListener("dragover", over);
    globalThis.removeEventListener("drop", drop);
  };
}
