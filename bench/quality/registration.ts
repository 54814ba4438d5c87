/** How far `register` is off, in pixels, where the true homography is known; with both detectors, and without the refinement. */
import type { Homography } from '../../lib/vision/homography.ts';
import { fixture } from '../../test/harness/fixtures.ts';
import { runSteps } from '../../test/harness/run.ts';
import { maps, transferErrors, warped } from '../../test/harness/warped.ts';
import { warmUp } from './warm-up.ts';

const ways = [
  ['ORB', { detector: 'orb' }],
  ['AKAZE', { detector: 'akaze' }],
  ['ORB, not refined', { detector: 'orb', refine: false }],
] as const;

export async function registration(): Promise<string[]> {
  const rows = [
    `| the other shot | ${ways.map(([name]) => `${name}: mean | max | time`).join(' | ')} |`,
    `| --- |${' --- |'.repeat(3 * ways.length)}`,
  ];
  for (const [name, truth] of maps) {
    const shot = await warped('graf1.png', truth);
    const cells: string[] = [name];
    for (const [, params] of ways) {
      const steps = [{ operation: 'register', params }];
      await warmUp(fixture('graf1.png'), steps, shot);
      const { measurements, timings } = await runSteps('graf1.png', steps, shot);
      const { homography } = measurements[0] as { homography: number[][] };
      const errors = transferErrors(truth, homography.flat() as Homography);
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      cells.push(mean.toFixed(3), Math.max(...errors).toFixed(3), `${timings.processMs.toFixed(0)} ms`);
    }
    rows.push(`| ${cells.join(' | ')} |`);
  }
  return rows;
}
