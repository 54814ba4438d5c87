import sharp from 'sharp';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { gray } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';

/** A disc of radius 12, one of radius 3, a bar of 40 × 4, and a plus with arms of 5 × 15. */
const shapes = () => {
  const [width, height] = [160, 60];
  const pixels = Buffer.alloc(width * height, 20);
  const fill = (inside: (x: number, y: number) => boolean) => {
    for (let i = 0; i < pixels.length; i++) if (inside(i % width, Math.floor(i / width))) pixels[i] = 200;
  };
  fill((x, y) => Math.hypot(x - 20, y - 30) <= 12);
  fill((x, y) => Math.hypot(x - 45, y - 30) <= 3);
  fill((x, y) => x >= 60 && x < 100 && y >= 28 && y < 32);
  fill(
    (x, y) => (Math.abs(x - 130) <= 17 && Math.abs(y - 30) <= 2) || (Math.abs(x - 130) <= 2 && Math.abs(y - 30) <= 17),
  );
  return gray(pixels, width, height);
};

/** Whether disc, speck, bar and plus are white in the mask. */
const kept = async (params: object) => {
  const { bytes, width, measured } = await run('filter-objects', await shapes(), params);
  const pixels = await grayPixels(bytes);
  return { measured, white: [20, 45, 80, 130].map((x) => pixels[30 * width + x] === 255) };
};

test.each([
  ['all', { minArea: 1 }, [true, true, true, true]],
  ['large ones', { minArea: 100 }, [true, false, true, true]],
  ['small ones', { minArea: 1, maxArea: 100 }, [false, true, false, false]],
  ['round ones', { minArea: 100, minCircularity: 0.8 }, [true, false, false, false]],
  ['branched ones', { minArea: 100, maxSolidity: 0.8 }, [false, false, false, true]],
  ['long ones', { minEccentricity: 0.9 }, [false, false, true, false]],
])('%s stay', async (_, params, expected) => {
  const { white, measured } = await kept(params);
  expect(white).toEqual(expected);
  expect(measured.count).toBe(expected.filter(Boolean).length);
  const dropped = Object.values<number>(measured.dropped).reduce((sum, count) => sum + count, 0);
  expect(dropped).toBe(4 - measured.count);
});

test('table and label image have the same numbers, those of the watershed before', async () => {
  const labelsOf = async (bytes: Uint8Array) => {
    const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
    return new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  };
  const watershed = { operation: 'watershed', params: { output: 'labels' } };
  const all = await labelsOf((await runSteps('coins.png', [watershed])).bytes);
  const large = { operation: 'filter-objects', params: { minArea: 2000, output: 'labels', channels: ['gray'] } };
  const { bytes, measurements } = await runSteps('coins.png', [watershed, large]);
  const labels = await labelsOf(bytes);
  const { objects, count, intensityOf } = measurements[1] as { objects: { id: number; area: number }[] } & Record<
    string,
    unknown
  >;
  expect(count).toBeLessThan(24);
  expect(intensityOf).toBe('original');
  for (const { id, area } of objects) expect(labels.filter((label) => label === id)).toHaveLength(area);
  expect(new Set(labels)).toEqual(new Set([0, ...objects.map(({ id }) => id)]));
  expect(labels.every((label, i) => label === 0 || label === all[i])).toBe(true);
});

test('bounds that exclude each other are refused', () => {
  const steps = [{ operation: 'filter-objects', params: { minArea: 100, maxArea: 50 } }];
  expect(() => parseSteps(steps)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'steps[0].params.minArea' }) }),
  );
});

test('more objects than 16 bits hold keep their numbers, in a TIFF of 32', async () => {
  const side = 600;
  // Single pixels, each two away from the next.
  const dots = Buffer.from(Uint8Array.from({ length: side * side }, (_, i) => (i % 2 || (i / side) & 1 ? 0 : 255)));
  const image = await sharp(dots, { raw: { width: side, height: side, channels: 1 } })
    .toColorspace('b-w')
    .png()
    .toBuffer();
  const steps = [
    {
      operation: 'connected-components',
      params: { threshold: 128, objects: 'bright', output: 'labels', channels: ['gray'] },
    },
    { operation: 'filter-objects', params: { minArea: 1, output: 'labels', channels: ['gray'] } },
    { operation: 'dilate', params: { shape: 'rectangle', kernelSize: 2 } },
  ];
  const { bytes, contentType, measurements } = await runSteps(image, steps);
  expect(contentType).toBe('image/tiff');
  expect(measurements[1]).toMatchObject({ count: 90_000, truncated: true });
  const raw = await sharp(bytes).toColorspace('b-w').raw({ depth: 'uint' }).toBuffer();
  const labels = new Uint32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  expect(labels).toHaveLength(side * side);
  expect([labels[0], labels[2], labels.at(-1)]).toEqual([1, 2, 90_000]);
  const seen = new Uint8Array(90_001);
  for (const label of labels) seen[label]++;
  expect(seen[0] === 0 && seen.subarray(1).every((pixels) => pixels === 4)).toBe(true);
  await expect(runSteps(image, steps.slice(0, 1), undefined, { format: 'png' })).rejects.toMatchObject({
    details: { field: 'output.format', detail: expect.stringContaining('65,535') },
  });
});
