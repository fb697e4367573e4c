// A rendered letter, as its recipient sees it: on paper, without scripts and without requests.
import { Badge } from "../../design";
import type { TemplatePreview } from "../../engine";
import { useT } from "../../i18n";

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";
const page = (html: string) => `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><style>body{font:14px/1.5 system-ui,sans-serif;margin:14px 16px;color:#1c2330;background:#fff;overflow-wrap:break-word}p{margin:0 0 .55em}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:3px 7px}</style>${html}`;

export function LetterPreview({ preview, to }: { preview: TemplatePreview; to?: string | undefined }) {
  const t = useT();
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-lg border border-line">
      <div className="selectable shrink-0 border-b border-line bg-sunken px-3 py-2 text-sm">
        {to !== undefined && <p className="truncate text-xs text-muted"><bdi>{to}</bdi></p>}
        <p className="font-semibold break-words"><bdi>{preview.subject || "—"}</bdi></p>
        {preview.empty.length > 0 && (
          <p className="mt-1 flex flex-wrap items-center gap-1 text-xs text-warning-text">
            {t("template:empty_values")}
            {preview.empty.map((name) => <Badge key={name} tone="danger">{name}</Badge>)}
          </p>
        )}
      </div>
      {preview.html === null ? (
        <pre className="selectable min-h-40 flex-1 overflow-auto p-3 font-mono text-xs whitespace-pre-wrap">{preview.text}</pre>
      ) : (
        <iframe title={t("template:preview")} sandbox="" srcDoc={page(preview.html)} className="min-h-40 w-full flex-1 bg-[oklch(1_0_0)]" />
      )}
    </div>
  );
}
