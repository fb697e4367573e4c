// The record that is open beside a screen: which source it is of, and its place there.
import { useEffect, useSyncExternalStore } from "react";
import type { BaseId, RecordRow, Table } from "../../engine";
import { ErrorPane } from "../../shell";
import { OneRecord } from "./one-record";
import { RecordPanel } from "./panel";
import type { RecordSource } from "./source";

export interface OpenPlace {
  source: RecordSource;
  index: number;
  /** Its table where that is not the one of the page. */
  table?: Table;
  /** Follows when another record is shown. */
  moved?: (index: number) => void;
  /** Where the focus goes back to. */
  focus?: () => void;
}

export interface OpenRecordProps {
  base: BaseId;
  table: Table;
  place: OpenPlace;
  onPlace: (place: OpenPlace | null) => void;
  onClose: () => void;
  onWrite: (address: string) => void;
  onDuplicate: (source: RecordSource, row: RecordRow, table: Table) => void;
  onRemove: (row: RecordRow, table: Table) => void;
  onEdited: () => void;
}

export function OpenRecord({ base, table, place, onPlace, onClose, onWrite, onDuplicate, onRemove, onEdited }: OpenRecordProps) {
  const { source, index } = place;
  useSyncExternalStore(source.subscribe, source.snapshot);
  const total = Math.max(0, source.total);
  const of = place.table ?? table;
  useEffect(() => {
    if (source.total === 0) onPlace(null);
    else if (total > 0 && index >= total) onPlace({ ...place, index: total - 1 });
  }, [source, source.total, total, index, place, onPlace]);
  // The list may be scrolled far away from the record that is open.
  useEffect(() => source.hold(index), [source, index]);
  // Nobody else ends a source that was made for the panel.
  useEffect(() => {
    if (!(source instanceof OneRecord)) return undefined;
    source.start();
    return () => source.end();
  }, [source]);
  if (source.total === 0) return null;
  if (source.error && source.total < 0) return <section aria-label={of.name} className="flex min-w-0 flex-1 bg-surface"><ErrorPane error={source.error} onRetry={() => void source.refresh()} /></section>;
  return (
    <RecordPanel
      base={base}
      table={of.id}
      columns={of.columns}
      source={source}
      row={source.row(index)}
      index={index}
      onStep={(by) => {
        const next = Math.min(total - 1, Math.max(0, index + by));
        onPlace({ ...place, index: next });
        place.moved?.(next);
      }}
      onClose={onClose}
      onWrite={onWrite}
      onDuplicate={(row) => onDuplicate(source, row, of)}
      onRemove={(row) => onRemove(row, of)}
      onEdited={onEdited}
    />
  );
}
