// One draft while it is written: what stands in its fields, its files, and its saving.
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { call, toEngineError, type Address, type Draft, type DraftAttachment, type EngineError, type IdentityId } from "../../engine";
import { fileBytes, type PickedFile } from "../../engine/desktop";
import { tellError } from "../../shell";
import { withCids } from "./inline-images";
import { Saver, type SaveState } from "./saver";

export interface Fields {
  identity_id: IdentityId;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  /** Null in plain text mode; pictures stand with the engine's addresses. */
  html: string | null;
  text: string;
  quote: boolean;
}

export interface Writing {
  draft: Draft;
  fields: Fields;
  change: (change: Partial<Fields>) => void;
  /** The editor's content without drawing anything again. */
  typed: (html: string | null, text: string) => void;
  attachments: DraftAttachment[];
  /** Names of files on their way into the draft. */
  coming: readonly string[];
  attach: (files: readonly PickedFile[], inline: boolean) => Promise<DraftAttachment[]>;
  /** Waits for the files on their way. False where one of them could not come. */
  arrived: () => Promise<boolean>;
  detach: (file: DraftAttachment) => Promise<void>;
  save: SaveState;
  saver: Saver;
  latest: () => Fields;
}

const fieldsOf = (draft: Draft): Fields => ({
  identity_id: draft.identity_id,
  to: draft.to,
  cc: draft.cc,
  bcc: draft.bcc,
  subject: draft.subject,
  html: draft.html,
  text: draft.text,
  quote: draft.quote,
});

/** Saves that a closing composer began: whoever opens the draft again waits for them. */
const leaving = new Map<number, Promise<unknown>>();

/** Loads a draft; null while it comes. */
export function useDraftOnce(id: number): { draft: Draft | null; error: EngineError | null } {
  const [loaded, setLoaded] = useState<{ draft: Draft | null; error: EngineError | null }>({ draft: null, error: null });
  useEffect(() => {
    let mine = true;
    setLoaded({ draft: null, error: null });
    const load = async () => {
      await leaving.get(id);
      return call("draft.get", { id });
    };
    load().then(
      (draft) => mine && setLoaded({ draft, error: null }),
      (thrown: unknown) => mine && setLoaded({ draft: null, error: toEngineError(thrown) }),
    );
    return () => {
      mine = false;
    };
  }, [id]);
  return loaded;
}

export function useWriting(draft: Draft): Writing {
  const [fields, setFields] = useState(() => fieldsOf(draft));
  const [attachments, setAttachments] = useState(draft.attachments);
  const [coming, setComing] = useState<readonly string[]>([]);
  const latest = useRef(fields);
  const onTheWay = useRef(Promise.resolve(true));
  const saver = useMemo(
    () =>
      new Saver(
        () => {
          const { html, ...rest } = latest.current;
          return { id: draft.id, ...rest, html: html === null ? null : withCids(html) };
        },
        (args) => call("draft.save", args),
      ),
    [draft.id],
  );
  const save = useSyncExternalStore(saver.subscribe, () => saver.state);
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === "hidden") void saver.flush();
    };
    document.addEventListener("visibilitychange", hidden);
    globalThis.addEventListener("pagehide", hidden);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      globalThis.removeEventListener("pagehide", hidden);
      const last = saver.flush();
      leaving.set(draft.id, last);
      void last.finally(() => leaving.get(draft.id) === last && leaving.delete(draft.id));
    };
  }, [saver, draft.id]);

  const change = useCallback(
    (part: Partial<Fields>) => {
      latest.current = { ...latest.current, ...part };
      setFields(latest.current);
      saver.touch();
    },
    [saver],
  );
  const typed = useCallback(
    (html: string | null, text: string) => {
      latest.current = { ...latest.current, html, text };
      saver.touch();
    },
    [saver],
  );
  const attachEach = useCallback(
    async (files: readonly PickedFile[], inline: boolean) => {
      const added: DraftAttachment[] = [];
      let complete = true;
      for (const file of files) {
        const name = file.bytes?.filename ?? file.path?.split(/[\\/]/).at(-1) ?? "";
        setComing((now) => [...now, name]);
        try {
          const before = await call("draft.get", { id: draft.id });
          const after = await call("draft.attach", { id: draft.id, path: file.path, bytes: file.bytes, inline });
          const known = new Set(before.attachments.map((one) => one.id));
          added.push(...after.attachments.filter((one) => !known.has(one.id)));
          setAttachments(after.attachments);
        } catch (thrown) {
          complete = false;
          tellError(toEngineError(thrown));
        }
        setComing((now) => now.filter((one, at) => at !== now.indexOf(name) || one !== name));
      }
      return { added, complete };
    },
    [draft.id],
  );
  const attach = useCallback(
    async (files: readonly PickedFile[], inline: boolean) => {
      const all = attachEach(files, inline);
      const before = onTheWay.current;
      const now = Promise.all([before, all]).then(([earlier, { complete }]) => earlier && complete);
      onTheWay.current = now;
      // Once told, a file that could not come holds up nothing that is sent afterwards.
      void now.then(() => onTheWay.current === now && (onTheWay.current = Promise.resolve(true)));
      return (await all).added;
    },
    [attachEach],
  );
  const arrived = useCallback(() => onTheWay.current, []);
  const detach = useCallback(
    async (file: DraftAttachment) => {
      try {
        setAttachments((await call("draft.detach", { id: draft.id, attachment_id: file.id })).attachments);
      } catch (thrown) {
        tellError(toEngineError(thrown));
      }
    },
    [draft.id],
  );
  return { draft, fields, change, typed, attachments, coming, attach, arrived, detach, save, saver, latest: () => latest.current };
}

/** Files of the browser as the door takes them. */
export async function pickedOf(files: readonly File[]): Promise<PickedFile[]> {
  return Promise.all(files.map(async (file) => ({ path: null, bytes: await fileBytes(file) })));
}

/** Nothing was written: such a draft may go without a word. */
export function isBlank(draft: Draft, fields: Fields, attachments: readonly DraftAttachment[]): boolean {
  return (
    draft.kind === "new" &&
    fields.to.length + fields.cc.length + fields.bcc.length === 0 &&
    fields.subject.trim() === "" &&
    fields.text.trim() === "" &&
    attachments.length === 0
  );
}
