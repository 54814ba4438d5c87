/** How many faces are found of those that are there: BlazeFace as it is, beside the Haar cascade. */
import { type CollageOptions, collage, found } from '../../test/harness/collage.ts';
import { runSteps } from '../../test/harness/run.ts';
import { warmUp } from './warm-up.ts';

const large = { width: 4000, height: 3000 };
const medium = { width: 1600, height: 1200, count: 16, size: [40, 120] as [number, number] };
const collages: [name: string, options: CollageOptions][] = [
  ['12 MP, 40 to 60 px', { ...large, count: 40, size: [40, 60], seed: 5 }],
  ['12 MP, 80 px', { ...large, count: 40, size: [80, 80], seed: 6 }],
  ['12 MP, 60 to 200 px', { ...large, count: 40, size: [60, 200], seed: 7 }],
  ['12 MP, 200 to 700 px', { ...large, count: 12, size: [200, 700] }],
  ['2 MP, 40 to 120 px', medium],
  ['turned by up to 20°', { ...medium, angle: 20 }],
  ['at 0.4 of the light', { ...medium, light: 0.4 }],
  ['at 0.2 of the light', { ...medium, light: 0.2 }],
];

export async function faces(): Promise<string[]> {
  const rows = [
    '| collage | faces | found | false | time | Haar: found | false | time |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const [name, options] of collages) {
    const { image, faces } = await collage(options);
    const cells = [name, faces.length];
    for (const model of ['blazeface', 'haar']) {
      const steps = [{ operation: 'face-detection', params: { model } }];
      await warmUp(image, steps);
      const { measurements, timings } = await runSteps(image, steps);
      // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
      const boxes = (measurements[0] as any).faces.map(({ box }: { box: object }) => box);
      const result = found(faces, boxes);
      cells.push(result.found, result.false, `${timings.processMs.toFixed(0)} ms`);
    }
    rows.push(`| ${cells.join(' | ')} |`);
  }
  return rows;
}
