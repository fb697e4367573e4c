// Charts as drawings of their own. Each is a picture with a name for readers of the screen; the numbers stand
// in the table beside it.
import { useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { arc, steps, type ChartModel, type Slice } from "./chart-model";

export type Show = (value: number) => string;

export const seriesColor = (at: number): string => `var(--series-${(at % 8) + 1})`;

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => element.clientWidth > 0 && setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

const HEIGHT_PX = 320;
const TOP_PX = 10;

interface Frame {
  x: (at: number) => number;
  y: (value: number) => number;
  /** Room of one category, px. */
  band: number;
}

/** The axes with their marks; `draw` puts the series between them. */
function Axes({ model, label, show, draw }: { model: ChartModel; label: string; show: Show; draw: (frame: Frame) => ReactNode }) {
  const [box, width] = useWidth();
  const marks = steps(model.series.flatMap((one) => one.values));
  const [low, high] = [marks[0] ?? 0, marks.at(-1) ?? 1];
  const left = Math.min(120, 14 + Math.max(...marks.map((mark) => show(mark).length)) * 6.6);
  const band = Math.max(1, (width - left - 8) / Math.max(1, model.categories.length));
  const slanted = band < 74;
  const bottom = slanted ? 84 : 26;
  const bodyPx = HEIGHT_PX - TOP_PX - bottom;
  const frame: Frame = { band, x: (at) => left + at * band, y: (value) => TOP_PX + bodyPx - ((value - low) / (high - low)) * bodyPx };
  // As many names as have room.
  const every = Math.max(1, Math.ceil((slanted ? 16 : 60) / band));
  const most = slanted ? 15 : Math.max(6, Math.floor(band / 6.4));
  return (
    <div ref={box} className="min-w-0">
      <svg role="img" aria-label={label} width={width} height={HEIGHT_PX} className="block text-2xs">
        {marks.map((mark) => (
          <g key={mark}>
            <line x1={left} x2={width - 8} y1={frame.y(mark)} y2={frame.y(mark)} stroke={mark === 0 ? "var(--line-strong)" : "var(--line)"} />
            <text x={left - 6} y={frame.y(mark) + 4} textAnchor="end" fill="var(--muted)">{show(mark)}</text>
          </g>
        ))}
        {draw(frame)}
        {model.categories.map((name, at) => {
          if (at % every !== 0) return null;
          const [x, y] = [frame.x(at) + band / 2, HEIGHT_PX - bottom + 16];
          return (
            <text key={`${at}-${name}`} x={x} y={y} textAnchor={slanted ? "end" : "middle"} transform={slanted ? `rotate(-40 ${x} ${y - 4})` : undefined} fill="var(--text)">
              {[...name].length > most ? `${[...name].slice(0, most - 1).join("")}…` : name}
              <title>{name}</title>
            </text>
          );
        })}
      </svg>
    </div>
  );
}

export function BarChart({ model, label, show }: { model: ChartModel; label: string; show: Show }) {
  return (
    <Axes
      model={model}
      label={label}
      show={show}
      draw={({ x, y, band }) => {
        const gap = Math.min(14, band * 0.16);
        const wide = Math.min(64, (band - gap * 2) / model.series.length);
        const inset = (band - wide * model.series.length) / 2;
        return model.series.map((series, index) =>
          series.values.map((value, at) => {
            if (value === null) return null;
            const [top, zero] = [y(Math.max(0, value)), y(Math.min(0, value))];
            return (
              <rect key={`${index}-${at}`} x={x(at) + inset + index * wide} y={top} width={Math.max(1, wide - 1)} height={Math.max(value === 0 ? 0 : 1, zero - top)} rx={Math.min(3, wide / 4)} fill={seriesColor(index)}>
                <title>{`${model.categories[at]}${model.series.length > 1 ? ` · ${series.label}` : ""}: ${show(value)}`}</title>
              </rect>
            );
          }),
        );
      }}
    />
  );
}

export function LineChart({ model, label, show }: { model: ChartModel; label: string; show: Show }) {
  return (
    <Axes
      model={model}
      label={label}
      show={show}
      draw={({ x, y, band }) =>
        model.series.map((series, index) => {
          // A missing value is a gap, not a zero.
          let path = "";
          let broken = true;
          series.values.forEach((value, at) => {
            if (value === null) broken = true;
            else {
              path += `${broken ? "M" : "L"}${(x(at) + band / 2).toFixed(1)} ${y(value).toFixed(1)}`;
              broken = false;
            }
          });
          return (
            <g key={index}>
              <path d={path} fill="none" stroke={seriesColor(index)} strokeWidth={2} strokeLinejoin="round" />
              {series.values.map((value, at) => value !== null && (
                <circle key={at} cx={x(at) + band / 2} cy={y(value)} r={3.5} fill={seriesColor(index)} stroke="var(--surface)" strokeWidth={1.5}>
                  <title>{`${model.categories[at]}${model.series.length > 1 ? ` · ${series.label}` : ""}: ${show(value)}`}</title>
                </circle>
              ))}
            </g>
          );
        })
      }
    />
  );
}

export function PieChart({ parts, label, show, percent }: { parts: readonly Slice[]; label: string; show: Show; percent: (share: number) => string }) {
  let from = 0;
  return (
    <div className="flex flex-wrap items-center gap-8">
      <svg role="img" aria-label={label} width={260} height={260} viewBox="-130 -130 260 260" className="shrink-0">
        {parts.map((slice, at) => {
          const start = from;
          from += slice.share;
          return (
            <path key={slice.label} d={arc(start, from, 120, 66)} fill={seriesColor(at)} stroke="var(--surface)" strokeWidth={2}>
              <title>{`${slice.label}: ${show(slice.value)} (${percent(slice.share)})`}</title>
            </path>
          );
        })}
      </svg>
      <ul className="flex min-w-52 flex-col gap-1.5">
        {parts.map((slice, at) => (
          <li key={slice.label} className="flex items-center gap-2 text-sm">
            <span aria-hidden className="size-3 shrink-0 rounded-sm" style={{ background: seriesColor(at) }} />
            <span className="min-w-0 flex-1 truncate">{slice.label}</span>
            <span className="text-muted">{percent(slice.share)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Which colour stands for which series. */
export function Legend({ model }: { model: ChartModel }) {
  if (model.series.length < 2) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 px-2 pt-2">
      {model.series.map((series, at) => (
        <li key={series.label} className="flex items-center gap-1.5 text-xs">
          <span aria-hidden className="size-2.5 rounded-sm" style={{ background: seriesColor(at) }} />
          {series.label}
        </li>
      ))}
    </ul>
  );
}
