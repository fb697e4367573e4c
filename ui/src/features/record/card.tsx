// A record as a card: a picture, its title, a few of its fields. All cards of a screen are of one height.
import { clsx } from "clsx";
import { Image as ImageIcon } from "lucide-react";
import type { Column, RecordRow } from "../../engine";
import { useT } from "../../i18n";
import { cellView, type CellWords } from "../cell/view";
import { isEmpty, showCell } from "../cell/show";
import { pictureOf } from "../cell/files";
import { Thumbnail } from "../cell/thumbnail";
import type { RecordSource } from "./source";

export interface CardLook {
  title: Column | null;
  image: Column | null;
  fields: readonly Column[];
  /** Height of the picture, px. */
  coverPx: number;
}

const LINE_PX = 22;

export const cardHeight = ({ image, fields, coverPx }: CardLook): number => 2 + 18 + LINE_PX + fields.length * LINE_PX + (image ? coverPx : 0);

/** The inside of a card's field: signs and chips, but nothing that can be pressed. */
export function fieldView(column: Column, value: unknown, language: string, words: CellWords): React.ReactNode {
  if (column.type === "email" || column.type === "url") return <span className="block truncate">{showCell(column, value, language)}</span>;
  return cellView(column, value, language, 1, words);
}

export function RecordCard({ look, row, source, language, className }: { look: CardLook; row: RecordRow | undefined; source: RecordSource; language: string; className?: string }) {
  const t = useT();
  const { title, image, fields, coverPx } = look;
  if (!row) {
    return (
      <div className={clsx("size-full rounded-lg border border-line bg-surface p-2.5", className)}>
        <span aria-hidden className="skeleton block h-3 w-2/3" />
      </div>
    );
  }
  const words: CellWords = { yes: t("common:yes"), no: t("common:no"), write: "", open: "", base: source.aim.base };
  const name = title ? showCell(title, source.value(row, title.id), language) : "";
  const picture = image ? pictureOf(source.value(row, image.id), source.aim.base) : null;
  return (
    <div className={clsx("record-card flex size-full flex-col overflow-hidden rounded-lg border border-line bg-surface", className)}>
      {image && (
        <div className="flex shrink-0 items-center justify-center overflow-hidden bg-sunken" style={{ height: coverPx }}>
          {picture ? <Thumbnail file={picture} size="card" alt={picture.name} sign={20} className="size-full" /> : <ImageIcon size={20} strokeWidth={1.5} aria-hidden className="text-faint" />}
        </div>
      )}
      <div className="flex min-h-0 flex-1 flex-col px-2.5 py-[9px]">
        <span className="block h-[22px] shrink-0 truncate text-sm leading-[22px] font-medium"><bdi>{name || t("record:untitled")}</bdi></span>
        {fields.map((column) => {
          const value = source.value(row, column.id);
          return (
            <div key={column.id} className="flex h-[22px] shrink-0 items-center gap-2 text-xs">
              <span className="max-w-[45%] shrink-0 truncate text-muted">{column.name}</span>
              <span className="flex min-w-0 flex-1 justify-end overflow-hidden text-right">{isEmpty(value) && column.type !== "checkbox" ? <span aria-hidden className="text-faint">–</span> : fieldView(column, value, language, words)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
