/** Transparency goes along with operations that move pixels. */
import sharp from 'sharp';
import { run, runSteps } from '../harness/run.ts';

/** A page of black lines, 8 px thick and 20 px apart, on nothing, turned clockwise by `angle`: transparent in a margin around them too. */
function lines(width: number, height: number, margin: number, angle = 0): Promise<Buffer> {
  const data = Buffer.alloc(4 * width * height);
  for (let y = margin; y < height - margin; y++) {
    for (let x = margin; x < width - margin; x++) data[4 * (y * width + x) + 3] = (y - margin) % 20 < 8 ? 255 : 0;
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .rotate(angle, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer();
}

async function alphaOf(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  return { at: (x: number, y: number) => data[4 * (y * info.width + x) + 3], width: info.width, height: info.height };
}

test('a quarter turn turns it too', async () => {
  const image = await lines(100, 60, 10);
  const { bytes } = await run('rotate', image, { angle: 90 });
  const alpha = await alphaOf(bytes);
  expect([alpha.width, alpha.height]).toEqual([60, 100]);
  // (50, 13) lies in the first line, (50, 23) between two.
  expect([alpha.at(59 - 13, 50), alpha.at(59 - 23, 50)]).toEqual([255, 0]);
});

test('a turn by any angle leaves the corners transparent, whatever their color would be', async () => {
  const image = await sharp({ create: { width: 80, height: 80, channels: 4, background: '#f00' } })
    .png()
    .toBuffer();
  const { bytes } = await run('rotate', image, { angle: 45, background: '#ffffff' });
  // sharp leaves the alpha channel away where all is opaque, so the decoder has to have been given one.
  const alpha = await alphaOf(bytes);
  expect([alpha.at(1, 1), alpha.at(alpha.width >> 1, alpha.height >> 1)]).toEqual([0, 255]);
});

test('a page of black lines on nothing is levelled, and stays on nothing', async () => {
  const { bytes, measured } = await run('deskew', await lines(300, 300, 60, 5));
  expect(Math.abs(measured.angle - 5)).toBeLessThan(0.5);
  const alpha = await alphaOf(bytes);
  expect([alpha.at(2, 2), alpha.at(alpha.width - 3, alpha.height - 3)]).toEqual([0, 0]);
});

test('a transparent border is trimmed, and what is left stays transparent', async () => {
  const { bytes, measured } = await run('auto-crop', await lines(200, 100, 20));
  expect(measured.box).toEqual({ x: 20, y: 20, width: 160, height: 48 });
  const alpha = await alphaOf(bytes);
  expect([alpha.width, alpha.height, alpha.at(80, 4), alpha.at(80, 14)]).toEqual([160, 48, 255, 0]);
});

test('transparency is resized, cropped and flipped with the picture', async () => {
  const left = {
    create: { width: 30, height: 40, channels: 4 as const, background: { r: 200, g: 0, b: 0, alpha: 1 } },
  };
  const half = await sharp({
    create: { width: 60, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .composite([{ input: await sharp(left).png().toBuffer(), left: 0, top: 0 }])
    .png()
    .toBuffer();
  const { bytes } = await runSteps(half, [
    { operation: 'flip' },
    { operation: 'resize', params: { width: 30 } },
    { operation: 'crop', params: { left: 5 } },
  ]);
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ width: 25, height: 20, channels: 4 });
  const row = 10 * 25 * 4;
  expect([data[row + 3], data[row + 24 * 4 + 3]]).toEqual([0, 255]);
});

test.each(['crop', 'auto-crop', 'median-blur'])(
  '16-bit samples beside transparency keep their values: %s',
  async (operation) => {
    const [width, height] = [40, 30];
    const samples = new Uint16Array(4 * width * height);
    for (let i = 0; i < samples.length; i += 4) {
      const inside = (i >> 2) % width > 4 && i >> 2 > 4 * width;
      samples.set(inside ? [20_000, 20_000, 20_000, 65_535] : [0, 0, 0, 0], i);
    }
    const raw = { width, height, channels: 4 as const };
    const image = await sharp(samples, { raw }).toColorspace('rgb16').png().toBuffer();
    const params = operation === 'crop' ? { left: 5 } : {};
    const { bytes } = await runSteps(image, [{ operation, params }], undefined, { format: 'png' });
    const { data, info } = await sharp(bytes)
      .toColorspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const found = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    const middle = ((info.height >> 1) * info.width + (info.width >> 1)) * info.channels;
    expect(found[middle]).toBe(20_000);
  },
);

test('what becomes 8 bits takes its transparency along', async () => {
  const [width, height] = [60, 40];
  const samples = new Uint16Array(4 * width * height);
  for (let i = 0; i < samples.length; i += 4) {
    const inside = (i >> 2) % width >= 30;
    samples.set(inside ? [50_000, 50_000, 50_000, 65_535] : [0, 0, 0, 32_768], i);
  }
  const image = await sharp(samples, { raw: { width, height, channels: 4 } })
    .toColorspace('rgb16')
    .png()
    .toBuffer();
  const eight = { operation: 'rescale', params: { low: 0, high: 100, bits: 'eight' } };
  const { bytes } = await runSteps(image, [eight, { operation: 'rectify-page' }], undefined, { format: 'png' });
  const shallow = (await runSteps(image, [eight], undefined, { format: 'png' })).bytes;
  const expected = await runSteps(shallow, [{ operation: 'rectify-page' }], undefined, { format: 'png' });
  expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(expected.bytes).raw().toBuffer());
});
