/** Lines over time. Where nothing was recorded, there is no line. */
import { numberInWords } from './words.ts';

interface Point {
  /** In milliseconds since 1970. */
  at: number;
  value: number;
}

interface TimeChartProps {
  title: string;
  series: readonly { name: string; points: readonly Point[] }[];
  /** The time at the right edge, and how much lies between it and the left one. */
  end: number;
  spanMs: number;
  /** Points that are further apart are not joined. */
  gapMs?: number;
  /** Each point stands for the time from it on: steps are drawn, and nothing where there is none. */
  stepMs?: number;
}

const width = 600;
const height = 140;

export function TimeChart({ title, series, end, spanMs, gapMs = Number.POSITIVE_INFINITY, stepMs }: TimeChartProps) {
  const begin = end - spanMs;
  const top = niceCeiling(Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value))));
  const x = (at: number) => (Math.min(1, Math.max(0, (at - begin) / spanMs)) * width).toFixed(1);
  const y = (value: number) => (height - (value / top) * height).toFixed(1);
  const pathOf = (points: readonly Point[]) =>
    stepMs === undefined
      ? points
          .map(({ at, value }, i) => `${i > 0 && at - points[i - 1].at <= gapMs ? 'L' : 'M'}${x(at)},${y(value)}h1`)
          .join('')
      : points.map(({ at, value }) => `M${x(at)},${y(0)}V${y(value)}H${x(at + stepMs)}V${y(0)}`).join('');
  const isEmpty = series.every(({ points }) => points.length === 0);
  return (
    <figure class="panel chart">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${isEmpty ? 'nothing recorded' : series.map(described).join('; ')}`}
      >
        {[0, 0.5, 1].map((share) => (
          <line key={share} class="grid" x1="0" x2={width} y1={height * share} y2={height * share} />
        ))}
        {series.map(({ name, points }, index) => (
          <path key={name} class={`line line-${index}`} d={pathOf(points)} />
        ))}
      </svg>
      <div class="axis hint">
        <span>{hoursAgo(spanMs)}</span>
        <span>0 to {numberInWords(top)}</span>
        <span>now</span>
      </div>
      <ul class="legend hint">
        {series.map((one, index) => (
          <li key={one.name} class={`line-${index}`}>
            {described(one)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function described({ name, points }: TimeChartProps['series'][number]): string {
  if (points.length === 0) return name;
  const most = Math.max(...points.map(({ value }) => value));
  return `${name}, at most ${numberInWords(Math.round(most * 10) / 10)}`;
}

function hoursAgo(spanMs: number): string {
  return `${numberInWords(spanMs / 3600_000)} h ago`;
}

/** 1, 2 or 5 times a power of ten. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
