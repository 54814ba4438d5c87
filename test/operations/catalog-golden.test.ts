/** The operations that have an exact counterpart in OpenCV, against native OpenCV bit for bit. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { catalogGolden } from '../harness/fixtures.ts';
import { runSteps } from '../harness/run.ts';

async function sha256(bytes: Uint8Array): Promise<string> {
  const gray = (await sharp(bytes).metadata()).space === 'b-w';
  const samples = await (gray ? sharp(bytes).toColorspace('b-w') : sharp(bytes)).raw().toBuffer();
  return createHash('sha256').update(samples).digest('hex');
}

describe.each(Object.entries(catalogGolden))('%s', (image, results) => {
  test.each(results.map(({ steps, sha256 }) => [JSON.stringify(steps), steps, sha256] as const))(
    '%s',
    async (_, steps, expected) => {
      expect(await sha256((await runSteps(image, steps)).bytes)).toBe(expected);
    },
  );
});
