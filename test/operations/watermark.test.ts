import sharp from 'sharp';
import { run, runSteps } from '../harness/run.ts';

const plain = (width: number, height: number, background: object | string) =>
  sharp({ create: { width, height, channels: 4, background: background as string } }).png();
const photo = () => plain(400, 300, '#204060').removeAlpha().toBuffer();
/** Red on the left, nothing on the right. */
const logo = async () =>
  plain(100, 50, { r: 0, g: 0, b: 0, alpha: 0 })
    .composite([{ input: await plain(50, 50, '#ff0000').toBuffer(), left: 0, top: 0 }])
    .toBuffer();

async function pixelsOf(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x: number, y: number) => [...data.subarray(3 * (y * info.width + x), 3 * (y * info.width + x) + 3)];
}

test('the logo lies in its corner, and the picture shows where the logo is transparent', async () => {
  const { bytes, measured } = await run(
    'watermark',
    await photo(),
    { width: 25, margin: 10, opacity: 100 },
    await logo(),
  );
  expect(measured).toEqual({ count: 1, box: { x: 270, y: 220, width: 100, height: 50 } });
  const at = await pixelsOf(bytes);
  expect(at(290, 240)).toEqual([255, 0, 0]);
  expect(at(350, 240)).toEqual([32, 64, 96]);
  expect(at(100, 100)).toEqual([32, 64, 96]);
});

test('opacity mixes, and no dark rim comes of scaling', async () => {
  const { bytes } = await run(
    'watermark',
    await photo(),
    { width: 10, opacity: 50, position: 'top-left', margin: 0 },
    await logo(),
  );
  const at = await pixelsOf(bytes);
  expect(at(5, 5)).toEqual([144, 32, 48]);
  for (let x = 0; x < 40; x++) expect(at(x, 10)[0]).toBeGreaterThanOrEqual(32);
});

test('tiled, it covers the whole image', async () => {
  const { bytes, measured } = await run(
    'watermark',
    await photo(),
    { width: 25, margin: 0, opacity: 100, tiled: true },
    await logo(),
  );
  expect(measured.count).toBe(24);
  const at = await pixelsOf(bytes);
  for (const [x, y] of [
    [10, 10],
    [110, 60],
    [310, 260],
  ])
    expect(at(x, y)).toEqual([255, 0, 0]);
});

test('a step beside it sees the second image on white', async () => {
  const steps = [
    { operation: 'watermark', params: { opacity: 0 } },
    { operation: 'blend', params: { opacity: 100 } },
  ];
  const at = await pixelsOf((await runSteps(await photo(), steps, await logo())).bytes);
  expect(at(100, 150)).toEqual([255, 0, 0]);
  expect(at(350, 150)).toEqual([255, 255, 255]);
});
