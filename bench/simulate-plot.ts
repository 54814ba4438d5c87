/** Backlog and instances over time, as SVG. */
import type { Sample } from '../lib/estimate/simulate.ts';

const [width, height, margin] = [720, 360, 56];

export function plot(samples: readonly Sample[]): string {
  const end = samples[samples.length - 1].seconds;
  const most = { backlog: samples[0].backlog, instances: Math.max(...samples.map(instancesOf)) };
  const x = (seconds: number) => margin + (seconds / end) * (width - 2 * margin);
  const y = (share: number) => height - margin - share * (height - 2 * margin);
  const line = (share: (sample: Sample) => number) =>
    samples.map((sample) => `${x(sample.seconds).toFixed(1)},${y(share(sample)).toFixed(1)}`).join(' ');
  const text = (at: [number, number], anchor: string, words: string, color = '#444') =>
    `<text x="${at[0]}" y="${at[1]}" text-anchor="${anchor}" fill="${color}">${words}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
  <rect width="${width}" height="${height}" fill="#fff"/>
  <path d="M${margin} ${margin}V${height - margin}H${width - margin}V${margin}" fill="none" stroke="#999"/>
  <polyline points="${line(({ backlog }) => backlog / most.backlog)}" fill="none" stroke="#0b62a8" stroke-width="2"/>
  <polyline points="${line((sample) => instancesOf(sample) / most.instances)}" fill="none" stroke="#b34700" stroke-width="2"/>
  ${text([margin, margin - 12], 'start', `backlog, at most ${most.backlog}`, '#0b62a8')}
  ${text([width - margin, margin - 12], 'end', `instances, at most ${most.instances}`, '#b34700')}
  ${text([margin, height - margin + 20], 'middle', '0')}
  ${text([width - margin, height - margin + 20], 'middle', `${(end / 60).toFixed(1)} min`)}
</svg>
`;
}

function instancesOf({ ready, draining }: Sample): number {
  return ready + draining;
}
