// The signature of one cell: drawn, or typed by those who can't draw, kept as a picture in the base. Undo takes
// it back; a new one takes the place of the old.
import { PenTool, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type PointerEvent } from "react";
import { Button, TextField } from "../../design";
import { fileBytes } from "../../engine/desktop";
import { useFormats, useT } from "../../i18n";
import { useFileTarget } from "./file-target";
import { filesOf } from "./files";
import type { FilesPanelProps } from "./files-panel";

/** The picture that is kept, px. */
const WIDTH_PX = 640;
const HEIGHT_PX = 240;
const STROKE_PX = 4;
const LETTER_PX = 96;

/** When it was signed, ms; null where the cell does not say. */
function signedAt(value: unknown): number | null {
  const time = typeof value === "object" && value !== null ? (value as { sign_time?: unknown }).sign_time : null;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

export function SignaturePanel({ column, value, record, onChange, onAdded, autoFocus = false }: FilesPanelProps) {
  const t = useT();
  const format = useFormats();
  const { base, add } = useFileTarget(column, record);
  const given = JSON.stringify(value ?? null);
  const [kept, setKept] = useState<unknown>(value ?? null);
  const [signing, setSigning] = useState(autoFocus && !value);
  useEffect(() => setKept(JSON.parse(given) as unknown), [given]);
  const [file] = filesOf(kept, base);
  const at = signedAt(kept);

  const put = async (picture: Blob) => {
    const bytes = await fileBytes(new File([picture], `${t("file:sign_title")}.png`, { type: "image/png" }));
    const added = await add({ paths: [], bytes: [bytes] });
    if (!added) return;
    const next = { ...(added[0] as object), sign_time: new Date().toISOString() };
    setKept(next);
    setSigning(false);
    if (record === null) onChange(next);
    else onAdded?.();
  };

  if (file && !signing) {
    return (
      <div role="group" aria-label={column.name} className="flex flex-col gap-1.5">
        {file.picture ? <img src={file.url} alt={t("file:sign_title")} className="max-h-36 w-fit max-w-full rounded-md border border-line" /> : <bdi className="truncate text-sm">{file.name || t("file:elsewhere")}</bdi>}
        {at !== null && <p className="text-xs text-muted">{t("file:signed", { at: format.dateTime(at) })}</p>}
        <div className="flex gap-1">
          <Button small icon={PenTool} autoFocus={autoFocus} onPress={() => setSigning(true)}>{t("file:sign_again")}</Button>
          <Button
            small
            kind="quiet"
            icon={Trash2}
            onPress={() => {
              setKept(null);
              onChange(null);
            }}
          >
            {t("file:remove")}
          </Button>
        </div>
      </div>
    );
  }
  if (!signing) return <Button small className="self-start" icon={PenTool} aria-label={`${column.name}: ${t("file:sign")}`} onPress={() => setSigning(true)}>{t("file:sign")}</Button>;
  return <SignaturePad label={column.name} onSigned={put} onCancel={() => setSigning(false)} />;
}

interface SignaturePadProps {
  label: string;
  onSigned: (picture: Blob) => Promise<void>;
  onCancel: () => void;
}

function SignaturePad({ label, onSigned, onCancel }: SignaturePadProps) {
  const t = useT();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const [inked, setInked] = useState(false);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);

  const ground = () => {
    const pen = canvas.current?.getContext("2d") ?? null;
    if (!pen) return null;
    const token = getComputedStyle(pen.canvas);
    const ink = token.getPropertyValue("--ink").trim();
    pen.fillStyle = token.getPropertyValue("--paper").trim();
    pen.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
    pen.strokeStyle = ink;
    pen.fillStyle = ink;
    pen.lineWidth = STROKE_PX;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    return pen;
  };
  useEffect(() => {
    ground();
  }, []);

  const clear = () => {
    ground();
    setInked(false);
    setName("");
  };
  const write = (text: string) => {
    setName(text);
    const pen = ground();
    const line = text.trim();
    setInked(line !== "");
    if (!pen || line === "") return;
    pen.font = `italic ${LETTER_PX}px "Segoe Script", "Snell Roundhand", "URW Chancery L", cursive`;
    pen.textBaseline = "middle";
    pen.textAlign = "center";
    pen.fillText(line, WIDTH_PX / 2, HEIGHT_PX / 2, WIDTH_PX - 48);
  };
  const placeOf = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: ((event.clientX - box.left) / box.width) * WIDTH_PX, y: ((event.clientY - box.top) / box.height) * HEIGHT_PX };
  };
  const stroke = (to: { x: number; y: number }) => {
    const pen = canvas.current?.getContext("2d");
    const from = last.current;
    if (!pen || !from) return;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    // A point is a stroke too short to see, but for its round ends.
    pen.lineTo(to.x + (from === to ? 0.01 : 0), to.y);
    pen.stroke();
    last.current = to;
  };
  const done = async () => {
    setBusy(true);
    const picture = await new Promise<Blob | null>((resolve) => {
      if (canvas.current) canvas.current.toBlob(resolve, "image/png");
      else resolve(null);
    });
    if (picture) await onSigned(picture);
    setBusy(false);
  };

  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5">
      <canvas
        ref={canvas}
        width={WIDTH_PX}
        height={HEIGHT_PX}
        role="img"
        aria-label={inked ? t("file:sign_title") : t("file:sign_draw")}
        className="w-full cursor-crosshair touch-none rounded-md border border-line-strong"
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          // Strokes and typed letters are not mixed.
          if (name !== "") clear();
          last.current = placeOf(event);
          stroke(last.current);
          setInked(true);
        }}
        onPointerMove={(event) => {
          if (last.current) stroke(placeOf(event));
        }}
        onPointerUp={() => {
          last.current = null;
        }}
        onPointerCancel={() => {
          last.current = null;
        }}
      />
      <p aria-hidden className="text-xs text-muted">{t("file:sign_draw")}</p>
      <TextField
        aria-label={t("file:sign_type")}
        placeholder={t("file:sign_type")}
        value={name}
        autoFocus
        maxLength={80}
        onChange={write}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !inked || busy) return;
          event.preventDefault();
          void done();
        }}
      />
      <div className="flex gap-1">
        <Button small kind="primary" icon={PenTool} isDisabled={!inked} busy={busy} onPress={() => void done()}>{t("file:sign")}</Button>
        <Button small isDisabled={!inked} onPress={clear}>{t("file:sign_clear")}</Button>
        <Button small kind="quiet" onPress={onCancel}>{t("common:cancel")}</Button>
      </div>
    </div>
  );
}
