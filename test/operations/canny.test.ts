import sharp from 'sharp';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

/** A white square, 40 pixels wide, in the middle of black. */
async function square(): Promise<Buffer> {
  const white = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const black = sharp({ create: { width: 100, height: 100, channels: 3, background: '#000' } });
  return black
    .composite([{ input: white, left: 30, top: 30 }])
    .png()
    .toBuffer();
}

test('a square has its outline as edge, and nothing else', async () => {
  const { bytes, measured } = await run('canny', await square());
  const edges = await grayPixels(bytes);
  const inOutline = (i: number) => {
    const [x, y] = [i % 100, Math.floor(i / 100)];
    const off = Math.max(Math.abs(x - 49.5), Math.abs(y - 49.5));
    return off > 18 && off < 22;
  };
  const set = [...edges.keys()].filter((i) => edges[i] === 255);
  expect(set.every(inOutline)).toBe(true);
  expect(set).toHaveLength(measured.edgePixels);
  expect(measured.edgePixels).toBeGreaterThan(140);
  expect(measured.edgeFraction).toBe(measured.edgePixels / 10_000);
});

test('higher thresholds leave fewer edges, and a blur does too', async () => {
  const edgePixels = async (params: object) => (await run('canny', 'coffee.png', params)).measured.edgePixels;
  const usual = await edgePixels({});
  expect(await edgePixels({ lowThreshold: 200, highThreshold: 400 })).toBeLessThan(usual);
  expect(await edgePixels({ blur: 2 })).toBeLessThan(usual);
});

test('automatic thresholds stand a third below and above the median', async () => {
  const gray = await sharp({ create: { width: 20, height: 20, channels: 3, background: { r: 90, g: 90, b: 90 } } })
    .png()
    .toBuffer();
  const { measured } = await run('canny', gray, { auto: true, lowThreshold: 999 });
  expect(measured).toMatchObject({ lowThreshold: 60, highThreshold: 120, edgePixels: 0 });
});

test('the result is a PNG of one bit a pixel, whatever the input was', async () => {
  const { bytes, contentType } = await run('canny', 'fruits.jpg');
  expect(contentType).toBe('image/png');
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 512, height: 480, bitsPerSample: 1 });
});
