/** How well spots are found whose places and sizes are known: `spots` with its defaults, beside scikit-image's `blob_log`. */
import { runSteps } from '../../test/harness/run.ts';
import { type Ellipse, place, render } from '../../test/harness/synthetic.ts';
import { hasScikit, runScikit } from './scikit.ts';
import { warmUp } from './warm-up.ts';

interface Found {
  x: number;
  y: number;
  diameter: number;
}

const size = { width: 512, height: 512 };
const sets: [name: string, placed: Parameters<typeof place>[0], noise: number][] = [
  ['apart', { ...size, count: 150, radius: [3, 9], distance: 1.5, seed: 11 }, 8],
  ['touching', { ...size, count: 150, radius: [4, 9], distance: 1, touching: 0.7, seed: 12 }, 8],
  ['small, in noise', { ...size, count: 300, radius: [2.5, 4], distance: 1.6, seed: 13 }, 20],
];
const [minDiameter, maxDiameter] = [5, 20];

export async function spots(): Promise<string[]> {
  const rows = [
    '| set | truth | found | F1 | time | scikit-image: found | F1 |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  const scikit = hasScikit();
  for (const [name, placement, noise] of sets) {
    const objects = place(placement);
    const scene = { ...size, objects, background: 40, foreground: 140, vignette: 0.2, noise, seed: placement.seed };
    const { png } = await render(scene);
    const steps = [{ operation: 'spots', params: { minDiameter, maxDiameter } }];
    await warmUp(png, steps);
    const { measurements, timings } = await runSteps(png, steps);
    const ours = (measurements[0] as { spots: Found[] }).spots;
    const theirs: Found[] | null = scikit
      ? JSON.parse(runScikit('spots', png, String(minDiameter), String(maxDiameter)).toString())
      : null;
    const beside = theirs ? `${theirs.length} | ${f1(objects, theirs).toFixed(3)}` : '– | –';
    rows.push(
      `| ${name} | ${objects.length} | ${ours.length} | ${f1(objects, ours).toFixed(3)} | ${timings.processMs.toFixed(0)} ms | ${beside} |`,
    );
  }
  return rows;
}

/** One for one: a spot whose center is in the disc, and whose size is within a third of it. */
function f1(truth: readonly Ellipse[], found: readonly Found[]): number {
  const free = new Set(found);
  let matches = 0;
  for (const { x, y, a } of truth) {
    const near = [...free].find(
      (spot) => Math.hypot(spot.x - x, spot.y - y) < a / 2 && Math.abs(spot.diameter / (2 * a) - 1) < 1 / 3,
    );
    if (!near) continue;
    free.delete(near);
    matches++;
  }
  return (2 * matches) / (truth.length + found.length);
}
