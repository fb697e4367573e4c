// A letter as one record would get it, asked again as it is typed. Subject and body are asked for apart, so
// that a mistake is shown at the field it is in.
import { useEffect, useRef, useState } from "react";
import { call, toEngineError, type BaseId, type EngineError, type RecordId, type TableId, type TemplatePreview } from "../../engine";

const REST_MS = 250;

export interface Typed {
  subject: string;
  html: string | null;
  text: string;
}

export interface Previewed {
  preview: TemplatePreview | null;
  subjectError: EngineError | null;
  bodyError: EngineError | null;
}

const nothing: Previewed = { preview: null, subjectError: null, bodyError: null };

export function usePreview(typed: Typed, at: { base: BaseId; table: TableId; record: RecordId } | null): Previewed {
  const [shown, setShown] = useState<Previewed>(nothing);
  const turn = useRef(0);
  const key = JSON.stringify([typed, at]);
  useEffect(() => {
    const mine = ++turn.current;
    if (!at) {
      setShown(nothing);
      return;
    }
    const timer = setTimeout(() => {
      const ask = (what: Typed) => call("template.preview", { ...what, ...at }).then((found) => ({ found, error: null }), (thrown: unknown) => ({ found: null, error: toEngineError(thrown) }));
      void Promise.all([ask({ subject: typed.subject, html: null, text: "" }), ask({ ...typed, subject: "" })]).then(([subject, body]) => {
        if (mine !== turn.current) return;
        const preview = body.found && subject.found ? { ...body.found, subject: subject.found.subject, empty: [...new Set([...subject.found.empty, ...body.found.empty])] } : null;
        setShown((before) => ({ preview: preview ?? before.preview, subjectError: subject.error, bodyError: body.error }));
      });
    }, REST_MS);
    return () => clearTimeout(timer);
    // The key holds all of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key]);
  return shown;
}
