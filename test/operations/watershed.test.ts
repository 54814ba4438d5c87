import sharp from 'sharp';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const discs = [
  { x: 60, y: 60, radius: 30 },
  { x: 116, y: 60, radius: 30 },
  { x: 220, y: 140, radius: 40 },
];

/** Two touching discs and one apart, gray 200 on 40, lit from the left where `shade` is above 0. */
function scene(shade = 0): Promise<Buffer> {
  const [width, height] = [300, 200];
  const pixels = Buffer.alloc(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inside = discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) <= disc.radius);
    pixels[i] = (inside ? 200 : 40) * (1 - (shade * x) / width);
  }
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

// biome-ignore lint/suspicious/noExplicitAny: regions as they come in JSON
const byX = (regions: any[]) => [...regions].sort((a, b) => a.centroid.x - b.centroid.x);

test('touching discs are parted and measured', async () => {
  const { measured } = await run('watershed', await scene());
  expect(measured.segments).toBe(3);
  const regions = byX(measured.regions);
  const [, , apart] = regions;
  expect(apart.centroid.x).toBeCloseTo(220, 0);
  expect(apart.centroid.y).toBeCloseTo(140, 0);
  // Watershed's boundary lies on the disc, so that it loses a pixel all around.
  expect(apart.area).toBeGreaterThan(Math.PI * 38 ** 2);
  expect(apart.area).toBeLessThan(Math.PI * 41 ** 2);
  expect(apart.circularity).toBeGreaterThan(0.85);
  expect(apart.circularity).toBeLessThanOrEqual(1);
  expect(Math.abs(apart.perimeter - 2 * Math.PI * 40)).toBeLessThan(25);
  expect(apart.boundingBox.width).toBeGreaterThan(76);
  expect(apart.meanIntensity).toBeCloseTo(200, -1);
  expect(regions[0].centroid.x).toBeLessThan(75);
  expect(regions[1].centroid.x).toBeGreaterThan(90);
});

test('uneven light and dark objects make no difference', async () => {
  expect((await run('watershed', await scene(0.6))).measured.segments).toBe(3);
  const negative = await sharp(await scene())
    .negate()
    .png()
    .toBuffer();
  expect((await run('watershed', negative)).measured.segments).toBe(3);
});

test('labels come as 16-bit numbers, one for each region', async () => {
  const { bytes, measured, contentType } = await run('watershed', await scene(), { output: 'labels' });
  expect(contentType).toBe('image/png');
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  const labels = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  for (const { label, area } of measured.regions) expect(labels.filter((value) => value === label)).toHaveLength(area);
  expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3]));
});

test('boundaries come as black and white', async () => {
  const { bytes } = await run('watershed', await scene(), { output: 'boundaries' });
  const pixels = await grayPixels(bytes);
  expect(new Set(pixels)).toEqual(new Set([0, 255]));
  // The middle of a disc is no boundary; the disc's edge has one within two pixels.
  expect(pixels[140 * 300 + 220]).toBe(0);
  expect([178, 179, 180, 181, 182].some((x) => pixels[140 * 300 + x] === 255)).toBe(true);
});

test('an image without objects has no segment', async () => {
  const plain = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();
  expect((await run('watershed', plain)).measured).toMatchObject({ segments: 0, regions: [] });
});
