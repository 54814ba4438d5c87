import sharp from 'sharp';
import { deviation, gray, plain, rgb } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

const size = 80;
/** What lies at a pixel under light that falls off to a third in the corners, with `dark` counts without any light. */
const shot = (scene: (i: number) => number, dark = 0) =>
  gray(
    Buffer.from(
      Array.from({ length: size * size }, (_, i) => {
        const away = Math.hypot((i % size) - size / 2, Math.floor(i / size) - size / 2) / (size / Math.SQRT2);
        return Math.round(dark + scene(i) * (1 - 0.67 * away ** 2));
      }),
    ),
    size,
    size,
  );
const empty = () => 200;
/** Squares of 100 on 150. */
const scene = (i: number) => ((i % size) % 20 < 8 && Math.floor(i / size) % 20 < 8 ? 100 : 150);

test.each([0, 20])('under the same light, a scene is as even as it is (dark level %i)', async (dark) => {
  const params = { dark: (100 * dark) / 255 };
  const { bytes } = await run('flat-field', await shot(scene, dark), params, await shot(empty, dark));
  const pixels = await grayPixels(bytes);
  const ground = pixels.filter((_, i) => scene(i) === 150);
  const objects = pixels.filter((_, i) => scene(i) === 100);
  expect(deviation(Buffer.from(ground))).toBeLessThan(1);
  expect(deviation(Buffer.from(objects))).toBeLessThan(1);
  expect(objects[0] / ground[0]).toBeCloseTo(100 / 150, 1);
});

test('the color of the light goes too', async () => {
  const { bytes } = await run('flat-field', await plain('#6496c8', 8), {}, await plain('#6496c8', 8));
  expect(new Set(await rgb(bytes)).size).toBe(1);
});

test('floating-point images, each spread by its own range, are divided by their values', async () => {
  const light = (i: number) => 0.02 * (1 - ((i % size) / size) * 0.7);
  const file = (values: (i: number) => number) =>
    writeTiff({
      width: size,
      height: size,
      bits: 32,
      sampleFormat: 3,
      values: Array.from({ length: size * size }, (_, i) => values(i)),
    });
  const image = file((i) => (scene(i) / 200) * light(i));
  const steps = [{ operation: 'flat-field' }, { operation: 'histogram' }];
  const { measurements } = await runSteps(image, steps, file(light));
  // biome-ignore lint/suspicious/noExplicitAny: as it comes in JSON
  const { gray } = (measurements[1] as any).channels;
  const mean = 0.02 * (1 - 0.35);
  expect(gray.min / (0.5 * mean)).toBeCloseTo(1, 1);
  expect(gray.max / (0.75 * mean)).toBeCloseTo(1, 1);
});

test('16 bits stay 16 bits', async () => {
  const deep = (value: number) =>
    sharp(new Uint16Array(64).fill(value), { raw: { width: 8, height: 8, channels: 1 } })
      .toColorspace('grey16')
      .png()
      .toBuffer();
  const { bytes } = await run('flat-field', await deep(12_345), {}, await deep(50_000));
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  expect(Math.abs(raw.readUInt16LE() - 12_345)).toBeLessThanOrEqual(1);
});
