/** All pages of a stack as one image. */

import sharp from 'sharp';
import { processImage } from '../../lib/imaging/engine-thread.ts';
import type { Projection } from '../../lib/imaging/projection.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

beforeAll(loadOpenCv);

const page = { width: 2, height: 2, bits: 16 };
const stack = () =>
  writeTiff(
    { ...page, values: [100, 200, 300, 4000] },
    { ...page, values: [500, 100, 300, 100] },
    { ...page, values: [0, 600, 303, 1000] },
  );

async function project(image: Uint8Array, projection: Projection, from = 1) {
  const steps = parseSteps([{ operation: 'channel' }]);
  const result = await processImage({ image, steps, output: {}, maxPixels: 1e6, projection, page: from });
  const raw = await sharp(result.bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  return { samples: [...new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2)], input: result.input };
}

test.each([
  ['max', 1, [500, 600, 303, 4000]],
  ['min', 1, [0, 100, 300, 100]],
  ['mean', 1, [200, 300, 301, 1700]],
  ['max', 2, [500, 600, 303, 1000]],
  ['mean', 3, [0, 600, 303, 1000]],
] as const)('%s of the pages from %i on, in the values of the file', async (projection, from, expected) => {
  const { samples, input } = await project(stack(), projection, from);
  expect(samples).toEqual(expected);
  expect(input).toMatchObject({ pages: 3 });
});

test('the bits are those of all pages', async () => {
  expect((await project(stack(), 'max')).input.bits).toBe(12);
  const brighter = writeTiff({ ...page, values: [1, 2, 3, 4] }, { ...page, values: [1, 2, 3, 60_000] });
  expect((await project(brighter, 'max')).input.bits).toBe(16);
});

test('pages that differ are refused, and it is said how', async () => {
  const sizes = writeTiff({ ...page, values: [1, 2, 3, 4] }, { ...page, height: 1, values: [1, 2] });
  await expect(project(sizes, 'max')).rejects.toThrow(/page 2 is 2 × 1, not 2 × 2/);
  const kinds = writeTiff({ ...page, values: [1, 2, 3, 4] }, { ...page, bits: 8, values: [1, 2, 3, 4] });
  await expect(project(kinds, 'max')).rejects.toThrow(/samples, first on page 2/);
});
