// The rich text of a template: the composer's editor, with `{Column}` shown as chips and offered after `{`.
// The chips are only how the text looks; what is stored is the text itself.
import { Extension } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { Suggestion } from "@tiptap/suggestion";
import { Braces } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Button, Menu } from "../../design";
import type { Column } from "../../engine";
import { useT } from "../../i18n";
import { cleanPasted, editorExtensions } from "../draft/editor";
import "../draft/editor.css";
import { Toolbar } from "../draft/toolbar";
import { kindIcons } from "../cell/kinds";
import { matching, quotesIn } from "./braces";
import { ColumnList } from "./column-list";
import "./template.css";

interface Offer {
  columns: Column[];
  at: number;
  pick: (column: Column) => void;
  left: number;
  top: number;
}

export default function RichEditor({ html, columns, onChange, error }: { html: string; columns: readonly Column[]; onChange: (html: string, text: string) => void; error?: string | null }) {
  const t = useT();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const known = useRef(columns);
  known.current = columns;
  const [offer, setOffer] = useState<Offer | null>(null);
  const shown = useRef<Offer | null>(null);
  const show = (next: Offer | null) => {
    shown.current = next;
    setOffer(next);
  };
  const editor = useEditor({
    extensions: [
      ...editorExtensions({ placeholder: t("template:body_placeholder"), onFiles: () => {}, onSend: () => {} }),
      Extension.create({
        name: "columns",
        addProseMirrorPlugins() {
          return [
            Suggestion<Column>({
              editor: this.editor,
              pluginKey: new PluginKey("columns"),
              char: "{",
              allowSpaces: true,
              allowedPrefixes: null,
              items: ({ query }) => (/[}|]/.test(query) ? [] : matching(known.current, query)),
              command: ({ editor: now, range, props }) => {
                now.chain().focus().insertContentAt(range, { type: "text", text: `{${props.name}}` }).run();
              },
              render: () => {
                const update = (props: { items: Column[]; command: (column: Column) => void; clientRect?: (() => DOMRect | null) | null }) => {
                  const rect = props.clientRect?.();
                  const frame = box.current?.getBoundingClientRect();
                  if (props.items.length === 0 || !rect || !frame) show(null);
                  else show({ columns: props.items, at: 0, pick: props.command, left: Math.min(rect.left - frame.left, frame.width - 264), top: rect.bottom - frame.top });
                };
                return {
                  onStart: update,
                  onUpdate: update,
                  onExit: () => show(null),
                  onKeyDown: ({ event }) => {
                    const now = shown.current;
                    if (!now) return false;
                    if (event.key === "ArrowDown" || event.key === "ArrowUp") show({ ...now, at: (now.at + (event.key === "ArrowDown" ? 1 : now.columns.length - 1)) % now.columns.length });
                    else if (event.key === "Enter" || event.key === "Tab") {
                      const column = now.columns[now.at];
                      if (column) now.pick(column);
                    } else if (event.key === "Escape") {
                      event.stopPropagation();
                      show(null);
                    } else return false;
                    event.preventDefault();
                    return true;
                  },
                };
              },
            }),
            new Plugin({
              props: {
                decorations: (state) => {
                  const names = new Set(known.current.map((column) => column.name));
                  const found: Decoration[] = [];
                  state.doc.descendants((node, place) => {
                    if (!node.isText || !node.text) return;
                    for (const quote of quotesIn(node.text)) found.push(Decoration.inline(place + quote.from, place + quote.to, { class: names.size === 0 || names.has(quote.name) ? "column-chip" : "column-chip unknown" }));
                  });
                  return DecorationSet.create(state.doc, found);
                },
              },
            }),
          ];
        },
      }),
    ],
    content: html,
    editorProps: { attributes: { "aria-label": t("template:body"), "aria-multiline": "true", role: "textbox", class: "letter-body" }, transformPastedHTML: cleanPasted },
    onUpdate: ({ editor: now }) => onChange(now.getHTML(), now.getText({ blockSeparator: "\n\n" })),
    immediatelyRender: true,
  });
  // Another table knows other columns: the chips are drawn again.
  useEffect(() => {
    if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr);
  }, [editor, columns]);
  return (
    <div>
      <div className="mb-1 flex items-center">
        <span className="flex-1 text-xs font-medium text-muted">{t("template:body")}</span>
        <Menu
          label={t("template:columns")}
          placement="bottom end"
          trigger={<Button small kind="quiet" icon={Braces} isDisabled={columns.length === 0}>{t("template:insert")}</Button>}
          groups={[{ items: columns.map((column) => ({ id: String(column.id), label: column.name, icon: kindIcons[column.type], perform: () => editor.chain().focus().insertContent({ type: "text", text: `{${column.name}}` }).run() })) }]}
        />
      </div>
      <div ref={box} className="field relative !p-0" data-invalid={error ? "" : undefined}>
        <div className="flex max-h-[38vh] min-h-40 flex-col overflow-y-auto"><EditorContent editor={editor} className="contents" /></div>
        <Toolbar editor={editor} />
        {offer && (
          <div className="absolute" style={{ left: Math.max(0, offer.left), top: offer.top }}>
            <ColumnList id={`${id}-list`} label={t("template:columns")} columns={offer.columns} at={offer.at} onPick={offer.pick} />
          </div>
        )}
      </div>
      {error && <p role="alert" className="mt-1 text-xs text-danger-text">{error}</p>}
    </div>
  );
}
