// A small picture of a file; the sign of its kind where it can't be shown.
import { Image as ImageIcon } from "lucide-react";
import { useState } from "react";
import type { CellFile } from "./files";

export interface ThumbnailProps {
  file: CellFile;
  size: "cell" | "card";
  /** What it is called for who does not see it; empty where its name stands beside. */
  alt: string;
  className: string;
  style?: React.CSSProperties | undefined;
  /** Edge of the sign, px. */
  sign: number;
}

export function Thumbnail({ file, size, alt, className, style, sign }: ThumbnailProps) {
  const src = file.small(size);
  const [failed, setFailed] = useState<string | null>(null);
  if (failed === src) {
    return (
      <span role={alt === "" ? undefined : "img"} aria-label={alt || undefined} title={alt || undefined} className={`inline-flex items-center justify-center text-muted ${className}`} style={style}>
        <ImageIcon size={sign} strokeWidth={1.5} aria-hidden />
      </span>
    );
  }
  return <img src={src} alt={alt} title={alt || undefined} loading="lazy" decoding="async" draggable={false} className={`object-cover ${className}`} style={style} onError={() => setFailed(src)} />;
}
