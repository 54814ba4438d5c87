/** How well objects are counted whose number is known: `watershed` as it is, with the steps of OpenCV's tutorial, and scikit-image's with h-maxima. */
import sharp from 'sharp';
import { countingSets, scaled } from '../../test/harness/counting-sets.ts';
import { runSteps } from '../../test/harness/run.ts';
import { render, type Score, score, type Truth } from '../../test/harness/synthetic.ts';
import { hasScikit, runScikit } from './scikit.ts';
import { warmUp } from './warm-up.ts';

/** OpenCV's tutorial "Image Segmentation with Watershed Algorithm", word for word. */
const tutorial = {
  method: 'tutorial',
  flatten: false,
  blur: 0,
  opening: 2,
  fillHoles: false,
  minArea: 0,
  foregroundRatio: 0.7,
  foregroundOf: 'image',
};

export async function counting(): Promise<string[]> {
  const rows = [
    '| set | truth | found | F1 | area bias | time | tutorial: found | F1 | scikit-image: found | F1 |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  const scikit = hasScikit();
  const [, touching, , ellipses, , , small] = countingSets;
  const resized = [scaled(touching, 0.5), scaled(touching, 4), scaled(small, 0.75), scaled(ellipses, 3)];
  for (const set of [...countingSets, ...resized]) {
    const truth = await render(set.scene);
    const ours = await judge(truth, {});
    const theirs = await judge(truth, tutorial);
    const hMaxima = scikit ? score(truth, labelsOf(runScikit('counting', truth.png))) : null;
    const beside = hMaxima ? `${hMaxima.count} | ${hMaxima.f1.toFixed(3)}` : '– | –';
    rows.push(
      `| ${set.name} | ${truth.count} | ${ours.count} | ${ours.f1.toFixed(3)} | ${(100 * ours.areaBias).toFixed(1)} % | ` +
        `${ours.ms.toFixed(0)} ms | ${theirs.count} | ${theirs.f1.toFixed(3)} | ${beside} |`,
    );
  }
  return rows;
}

async function judge(truth: Truth, params: object): Promise<Score & { ms: number }> {
  const steps = [{ operation: 'watershed', params: { ...params, output: 'labels' } }];
  await warmUp(truth.png, steps);
  const { bytes, timings } = await runSteps(truth.png, steps);
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  return { ...score(truth, labelsOf(raw)), ms: timings.processMs };
}

function labelsOf(raw: Buffer): Uint16Array {
  return new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
}
