// Where a key moves the cursor of the grid. Row -1 is the header.

export interface Place {
  row: number;
  col: number;
}

export interface Bounds {
  rows: number;
  cols: number;
  /** Rows of one page. */
  page: number;
}

export interface Press {
  key: string;
  /** Ctrl, or Cmd on a Mac. */
  mod: boolean;
  shift: boolean;
}

/** The place after a key; null where the key does not move. Never outside of the grid. */
export function movedBy(at: Place, { key, mod, shift }: Press, { rows, cols, page }: Bounds): Place | null {
  const bounded = (row: number, col: number): Place => ({ row: Math.max(-1, Math.min(rows - 1, row)), col: Math.max(0, Math.min(cols - 1, col)) });
  switch (key) {
    case "ArrowDown":
      return bounded(mod ? rows - 1 : at.row + 1, at.col);
    case "ArrowUp":
      // From the first record up lies the header; a jump stays with the records.
      return bounded(mod || shift ? Math.max(0, mod ? 0 : at.row - 1) : at.row - 1, at.col);
    case "ArrowLeft":
      return bounded(at.row, mod ? 0 : at.col - 1);
    case "ArrowRight":
      return bounded(at.row, mod ? cols - 1 : at.col + 1);
    case "Home":
      return bounded(mod ? 0 : at.row, 0);
    case "End":
      return bounded(mod ? rows - 1 : at.row, cols - 1);
    case "PageDown":
      return bounded(Math.max(0, at.row) + page, at.col);
    case "PageUp":
      return bounded(Math.max(0, at.row - page), at.col);
    default:
      return null;
  }
}

/** Tab and Enter walk on: Tab through the cells of a row and into the next, Enter down the column. */
export function walkedBy(at: Place, key: "Tab" | "Enter", back: boolean, { rows, cols }: Bounds): Place | null {
  if (key === "Enter") {
    const row = at.row + (back ? -1 : 1);
    return row < 0 || row >= rows ? null : { row, col: at.col };
  }
  const flat = at.row * cols + at.col + (back ? -1 : 1);
  if (flat < 0 || flat >= rows * cols) return null;
  return { row: Math.floor(flat / cols), col: flat % cols };
}

/** A rectangle of cells, both corners in it. */
export interface Range {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function rangeOf(a: Place, b: Place): Range {
  return { top: Math.max(0, Math.min(a.row, b.row)), bottom: Math.max(0, a.row, b.row), left: Math.min(a.col, b.col), right: Math.max(a.col, b.col) };
}

export const sizeOf = (range: Range): number => (range.bottom - range.top + 1) * (range.right - range.left + 1);

/** Whether a press types a character. AltGr comes as Ctrl and Alt together. */
export function typesCharacter(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): boolean {
  if ([...event.key].length !== 1 || event.key === " ") return false;
  return !event.metaKey && event.ctrlKey === event.altKey;
}
