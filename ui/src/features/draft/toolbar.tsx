// Formatting. Buttons keep the cursor in the text.
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { AlignCenter, AlignLeft, AlignRight, Bold, Heading, Italic, Link2, List, ListOrdered, Palette, Quote, RemoveFormatting, Strikethrough, Underline, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { Button, Dialog, IconToggle, Menu, TextField, IconButton } from "../../design";
import { useT, type MessageKey } from "../../i18n";
import { textColors } from "./editor";

export function Toolbar({ editor }: { editor: Editor }) {
  const t = useT();
  const [linking, setLinking] = useState<string | null>(null);
  const state = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive("bold"),
      italic: now.isActive("italic"),
      underline: now.isActive("underline"),
      strike: now.isActive("strike"),
      bulletList: now.isActive("bulletList"),
      orderedList: now.isActive("orderedList"),
      blockquote: now.isActive("blockquote"),
      heading: now.isActive("heading"),
      link: now.isActive("link"),
      href: (now.getAttributes("link")["href"] as string | undefined) ?? "",
    }),
  });
  const chain = () => editor.chain().focus();
  const toggles: [keyof typeof state, LucideIcon, MessageKey, string | undefined, () => void][] = [
    ["bold", Bold, "draft:format.bold", "mod+b", () => chain().toggleBold().run()],
    ["italic", Italic, "draft:format.italic", "mod+i", () => chain().toggleItalic().run()],
    ["underline", Underline, "draft:format.underline", "mod+u", () => chain().toggleUnderline().run()],
    ["strike", Strikethrough, "draft:format.strike", undefined, () => chain().toggleStrike().run()],
    ["heading", Heading, "draft:format.heading", undefined, () => chain().toggleHeading({ level: 3 }).run()],
    ["bulletList", List, "draft:format.list", "mod+shift+8", () => chain().toggleBulletList().run()],
    ["orderedList", ListOrdered, "draft:format.numbers", "mod+shift+7", () => chain().toggleOrderedList().run()],
    ["blockquote", Quote, "draft:format.quote", undefined, () => chain().toggleBlockquote().run()],
  ];
  return (
    <div role="toolbar" aria-label={t("draft:format.title")} className="flex flex-wrap items-center gap-0.5 border-t border-line px-2 py-1">
      {toggles.map(([name, icon, label, keys, run]) => (
        <IconToggle key={name} icon={icon} label={t(label)} keys={keys} isSelected={state[name] === true} onChange={run} preventFocusOnPress />
      ))}
      <IconToggle icon={Link2} label={t("draft:format.link")} keys="mod+shift+l" isSelected={state.link} onChange={() => setLinking(state.href)} />
      <Menu
        trigger={<IconButton icon={Palette} label={t("draft:format.color")} />}
        label={t("draft:format.color")}
        groups={[
          { items: [{ id: "none", label: t("draft:format.color_none"), perform: () => chain().unsetColor().run() }] },
          {
            items: textColors.map((color) => ({
              id: color,
              label: t(`draft:color.${color.slice(1)}` as MessageKey),
              before: <span aria-hidden className="size-3.5 rounded-full" style={{ background: color }} />,
              perform: () => chain().setColor(color).run(),
            })),
          },
        ]}
      />
      <Menu
        trigger={<IconButton icon={AlignLeft} label={t("draft:format.align")} />}
        label={t("draft:format.align")}
        groups={[
          {
            items: [
              { id: "left", label: t("draft:format.left"), icon: AlignLeft, perform: () => chain().unsetTextAlign().run() },
              { id: "center", label: t("draft:format.center"), icon: AlignCenter, perform: () => chain().setTextAlign("center").run() },
              { id: "right", label: t("draft:format.right"), icon: AlignRight, perform: () => chain().setTextAlign("right").run() },
            ],
          },
        ]}
      />
      <IconButton icon={RemoveFormatting} label={t("draft:format.clear")} onPress={() => chain().unsetAllMarks().clearNodes().run()} />
      {linking !== null && (
        <LinkDialog
          start={linking}
          onClose={() => setLinking(null)}
          onLink={(href) => {
            setLinking(null);
            if (href === "") chain().extendMarkRange("link").unsetLink().run();
            else if (editor.state.selection.empty && !state.link) chain().insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
            else chain().extendMarkRange("link").setLink({ href }).run();
          }}
        />
      )}
    </div>
  );
}

/** An address as typed, with a scheme; null where it can't be one. */
export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  if (text === "") return "";
  if (/^(https?:\/\/|mailto:|tel:)\S+$/i.test(text)) return text;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  if (/^[^\s:]+\.[^\s:]+(:\d+)?(\/\S*)?$/.test(text)) return `https://${text}`;
  return null;
}

function LinkDialog({ start, onLink, onClose }: { start: string; onLink: (href: string) => void; onClose: () => void }) {
  const t = useT();
  const [text, setText] = useState(start);
  const href = linkAddress(text);
  const done = () => href !== null && onLink(href);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("draft:format.link")}
      size="small"
      footer={
        <>
          {start !== "" && <Button onPress={() => onLink("")}>{t("draft:format.unlink")}</Button>}
          <Button onPress={onClose}>{t("common:cancel")}</Button>
          <Button kind="primary" isDisabled={href === null || href === ""} onPress={done}>{t("common:done")}</Button>
        </>
      }
    >
      <TextField
        label={t("draft:format.address")}
        value={text}
        onChange={setText}
        autoFocus
        placeholder="https://"
        error={href === null ? t("draft:format.bad_address") : null}
        onKeyDown={(event) => {
          if (event.key === "Enter") done();
        }}
      />
    </Dialog>
  );
}
