import { numberInWords } from '../ui/words.ts';

interface Channel {
  mean: number;
  median: number;
  counts: number[];
}

export function isHistogram(name: string, value: unknown): boolean {
  if (name !== 'channels' || typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((channel) => Array.isArray(channel?.counts));
}

const width = 256;
const height = 96;

/** How often each value occurs; the axis is one for all channels. */
export function Histogram({ channels }: { channels: Record<string, Channel> }) {
  const names = Object.keys(channels);
  const most = Math.max(...names.flatMap((name) => channels[name].counts));
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${names.join(', ')}`}
      >
        {names.map((name) => (
          <path key={name} class={`channel ${name}`} d={outline(channels[name].counts, most)} />
        ))}
      </svg>
      <figcaption>
        {names.map((name) => (
          <span key={name}>
            <i class={`key ${name}`} /> {name}: mean {numberInWords(channels[name].mean)}, median{' '}
            {numberInWords(channels[name].median)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function outline(counts: number[], most: number): string {
  const step = width / counts.length;
  const points = counts.map(
    (count, i) => `${(i * step).toFixed(1)},${(height - (count / most) * (height - 2)).toFixed(1)}`,
  );
  return `M0,${height} L${points.join(' L')} L${width},${height} Z`;
}
