/** A line over time, up to now. */

interface ChartProps {
  title: string;
  points: readonly { at: number; value: number }[];
  /** As far back as the axis goes, at most. */
  spanMs: number;
}

const width = 600;
const height = 140;

export function Chart({ title, points, spanMs: maxSpanMs }: ChartProps) {
  const end = points.at(-1)?.at ?? 0;
  const minutes = Math.ceil(Math.max(60_000, end - (points[0]?.at ?? end)) / 60_000);
  const spanMs = Math.min(maxSpanMs, minutes * 60_000);
  const begin = end - spanMs;
  const top = niceCeiling(Math.max(1, ...points.map(({ value }) => value)));
  const place = ({ at, value }: { at: number; value: number }) =>
    `${(((at - begin) / spanMs) * width).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`;
  const line = points.map(place).join(' L');
  const first = points[0];
  const startX = first ? ((first.at - begin) / spanMs) * width : width;
  return (
    <figure class="panel chart">
      <figcaption>
        {title} <strong>{points.at(-1)?.value ?? ''}</strong>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}, last ${spanMs / 60_000} minutes`}
      >
        {[0, 0.5, 1].map((share) => (
          <line key={share} class="grid" x1="0" x2={width} y1={height * share} y2={height * share} />
        ))}
        {points.length > 1 && (
          <>
            <path class="area" d={`M${startX.toFixed(1)},${height} L${line} L${width},${height} Z`} />
            <path class="line" d={`M${line}`} />
          </>
        )}
      </svg>
      <div class="axis hint">
        <span>{spanMs / 60_000} min ago</span>
        <span>top: {top}</span>
        <span>now</span>
      </div>
    </figure>
  );
}

/** 1, 2 or 5 times a power of ten. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
