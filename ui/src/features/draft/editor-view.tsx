// The body of a draft: rich text, or plain text in a field of its own.
import type { Editor } from "@tiptap/core";
import { EditorContent, useEditor } from "@tiptap/react";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { draftPartUrl } from "../../engine";
import { useT } from "../../i18n";
import { performAction } from "../../shell";
import { cleanPasted, editorExtensions } from "./editor";
import "./editor.css";
import { withUrls } from "./inline-images";
import { Toolbar } from "./toolbar";
import { pickedOf, type Writing } from "./use-draft";
import type { PickedFile } from "../../engine/desktop";

export interface BodyHandle {
  focus(): void;
  /** Puts pictures where the cursor is. */
  insertPictures(files: readonly PickedFile[]): Promise<void>;
  /** Whether there is formatting that plain text would lose. */
  formatted(): boolean;
}

const isPicture = (file: File) => file.type.startsWith("image/") && file.type !== "image/svg+xml";

export function RichBody({ writing, toolbar, autoFocus, ref }: { writing: Writing; toolbar: boolean; autoFocus: boolean; ref: Ref<BodyHandle> }) {
  const t = useT();
  const { draft, attach, typed } = writing;
  const made = useRef<Editor | null>(null);
  const insertPictures = async (files: readonly PickedFile[]) => {
    for (const file of await attach(files, true)) {
      const image = { type: "image", attrs: { src: draftPartUrl(draft.id, file.id), alt: file.filename, cid: file.content_id } };
      made.current?.chain().focus().insertContent(image).run();
    }
  };
  const onFiles = (files: File[]) => {
    void pickedOf(files.filter(isPicture)).then(insertPictures);
    const others = files.filter((file) => !isPicture(file));
    if (others.length > 0) void pickedOf(others).then((picked) => attach(picked, false));
  };
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  const editor = useEditor({
    extensions: editorExtensions({ placeholder: t("draft:body_placeholder"), onFiles: (files) => latest.current(files), onSend: () => performAction("draft.send") }),
    content: withUrls(writing.fields.html ?? "", draft),
    editorProps: {
      attributes: { "aria-label": t("draft:body"), "aria-multiline": "true", role: "textbox", class: "letter-body" },
      transformPastedHTML: cleanPasted,
    },
    onUpdate: ({ editor: now }) => typed(now.getHTML(), now.getText({ blockSeparator: "\n\n" })),
    immediatelyRender: true,
    autofocus: autoFocus ? "start" : false,
  });
  made.current = editor;
  useImperativeHandle(ref, () => ({
    focus: () => {
      // The editor's own command waits for a frame; what is typed until then would go elsewhere.
      if (editor.isDestroyed) return;
      editor.commands.setTextSelection(0);
      editor.view.focus();
    },
    insertPictures,
    formatted: () => /<(?!\/?(?:p|br)\b)[a-z]/i.test(editor.getHTML()) || /style=/.test(editor.getHTML()),
  }));
  return (
    <>
      <EditorContent editor={editor} className="contents" />
      {toolbar && <div className="sticky bottom-0 z-10 order-last bg-surface"><Toolbar editor={editor} /></div>}
    </>
  );
}

export function PlainBody({ writing, ref }: { writing: Writing; ref: Ref<BodyHandle> }) {
  const t = useT();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    focus: () => {
      area.current?.focus();
      area.current?.setSelectionRange(0, 0);
    },
    insertPictures: async (files) => {
      await writing.attach(files, false);
    },
    formatted: () => false,
  }));
  return (
    <textarea
      ref={area}
      aria-label={t("draft:body")}
      placeholder={t("draft:body_placeholder")}
      defaultValue={writing.fields.text}
      onChange={(event) => writing.typed(null, event.target.value)}
      onPaste={(event) => {
        const files = [...event.clipboardData.files];
        if (files.length === 0) return;
        event.preventDefault();
        void pickedOf(files).then((picked) => writing.attach(picked, false));
      }}
      className="min-h-48 w-full flex-1 resize-none bg-transparent px-4 py-3 font-mono text-sm outline-none focus-visible:outline-none"
    />
  );
}
