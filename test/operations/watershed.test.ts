import sharp from 'sharp';
import { type CountingSet, countingSets, scaled } from '../harness/counting-sets.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';
import { randomFrom, render, type Score, score } from '../harness/synthetic.ts';

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

// biome-ignore lint/suspicious/noExplicitAny: objects as they come in JSON
const byX = (regions: any[]) => [...regions].sort((a, b) => a.centroid.x - b.centroid.x);

test('touching discs are parted and measured', async () => {
  const { measured } = await run('watershed', await scene());
  expect(measured.count).toBe(3);
  const regions = byX(measured.objects);
  const [, , apart] = regions;
  expect(apart.centroid.x).toBeCloseTo(220, 0);
  expect(apart.centroid.y).toBeCloseTo(140, 0);
  expect(Math.abs(apart.area / (Math.PI * 40 ** 2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(apart.perimeter / (2 * Math.PI * 40) - 1)).toBeLessThan(0.02);
  expect(Math.abs(apart.circularity - 1)).toBeLessThan(0.05);
  expect(apart.box.width).toBeGreaterThan(76);
  expect(apart.intensity.gray.mean).toBeCloseTo(200, -1);
  expect(regions[0].centroid.x).toBeLessThan(75);
  expect(regions[1].centroid.x).toBeGreaterThan(90);
});

test('uneven light and dark objects make no difference', async () => {
  expect((await run('watershed', await scene(0.6))).measured.count).toBe(3);
  const negative = await sharp(await scene())
    .negate()
    .png()
    .toBuffer();
  expect((await run('watershed', negative)).measured.count).toBe(3);
});

test('labels come as 16-bit numbers, one for each region', async () => {
  const { bytes, measured, contentType } = await run('watershed', await scene(), { output: 'labels' });
  expect(contentType).toBe('image/png');
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  const labels = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  for (const { id: label, area } of measured.objects)
    expect(labels.filter((value) => value === label)).toHaveLength(area);
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
  expect((await run('watershed', plain)).measured).toMatchObject({ count: 0, objects: [] });
});

/** What the labels are worth, beside the truth. */
async function judge({ scene }: CountingSet): Promise<Score> {
  const truth = await render(scene);
  const { bytes } = await run('watershed', truth.png, { output: 'labels' });
  const raw = await sharp(bytes).toColorspace('grey16').raw({ depth: 'ushort' }).toBuffer();
  return score(truth, new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2));
}

function setNamed(name: string): CountingSet {
  return countingSets.find((set) => set.name === name) as CountingSet;
}

describe('objects whose number is known are counted', () => {
  const resized = [
    ...[0.5, 3].map((factor) => scaled(setNamed('touching discs'), factor)),
    scaled(setNamed('800 small nuclei'), 0.75),
    scaled(setNamed('a few large discs'), 2),
  ];
  test.each([...countingSets, ...resized].map((set) => [set.name, set] as const))('%s', async (_, set) => {
    const { f1, countError, areaBias } = await judge(set);
    expect(f1).toBeGreaterThanOrEqual(set.f1);
    expect(Math.abs(countError)).toBeLessThanOrEqual(0.05);
    // A pixel of the outline is a larger part of an object that has few.
    const small = set.scene.objects.every(({ a }) => a < 10);
    expect(Math.abs(areaBias)).toBeLessThanOrEqual(small ? 0.05 : 0.02);
  });
});

test.each([0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8])('there are 24 coins at %f times the size', async (factor) => {
  const photo = await sharp(fixture('coins.png'))
    .resize(Math.round(384 * factor))
    .png({ compressionLevel: 1 })
    .toBuffer();
  expect((await run('watershed', photo)).measured.count).toBe(24);
});

test('noise has no objects, and the answer says how little there is to tell them by', async () => {
  const random = randomFrom(1);
  const noise = Buffer.from(
    Array.from({ length: 300 * 200 }, () => 90 + 5 * [1, 2, 3, 4].reduce((sum) => sum + random(), 0)),
  );
  const png = await sharp(noise, { raw: { width: 300, height: 200, channels: 1 } })
    .png()
    .toBuffer();
  const { measured } = await run('watershed', png);
  expect(measured).toMatchObject({ count: 0, objects: [] });
  expect(measured.separation).toBeLessThan(3.6);
});

test('gaps between objects that touch in a ring are no objects, and stay open', async () => {
  const objects = Array.from({ length: 6 }, (_, i) => {
    const [x, y] = [150 + 62 * Math.cos((i * Math.PI) / 3), 150 + 62 * Math.sin((i * Math.PI) / 3)];
    return { x, y, a: 31, b: 31, angle: 0 };
  });
  const scene = { width: 300, height: 300, objects, background: 30, foreground: 150, vignette: 0, noise: 4, seed: 1 };
  expect(await judge({ name: 'ring', f1: 1, scene })).toMatchObject({ count: 6, f1: 1 });
});

test('a small object beside a large one is one of its own', async () => {
  const objects = [
    { x: 80, y: 80, a: 60, b: 60, angle: 0 },
    { x: 166, y: 80, a: 27, b: 27, angle: 0 },
  ];
  const scene = { width: 220, height: 160, objects, background: 30, foreground: 150, vignette: 0, noise: 4, seed: 2 };
  expect(await judge({ name: 'pair', f1: 1, scene })).toMatchObject({ count: 2, f1: 1 });
});

test('what is left out is counted', async () => {
  const objects = [0, 1, 2, 3].map((i) => ({ x: 50 + 90 * i, y: 60, a: 30, b: 30, angle: 0 }));
  const specks = [0, 1, 2].map((i) => ({ x: 90 + 90 * i, y: 130, a: 9, b: 9, angle: 0 }));
  const cut = { x: 200, y: 199, a: 25, b: 25, angle: 0 };
  const scene = {
    width: 370,
    height: 200,
    background: 30,
    foreground: 150,
    vignette: 0,
    noise: 3,
    seed: 3,
    objects: [...objects, ...specks, cut],
  };
  const { png } = await render(scene);
  const { measured } = await run('watershed', png, { clearBorder: true });
  expect(measured).toMatchObject({ count: 4, dropped: { small: 3, border: 1 }, polarity: 'bright' });
});

test('intensity is that of the original image, whatever the steps before did; sizes come in the unit too', async () => {
  const steps = [
    { operation: 'median-blur', params: { kernelSize: 5 } },
    { operation: 'invert' },
    { operation: 'watershed', params: { pixelSize: { x: 0.5, unit: 'µm' } } },
  ];
  const { measurements } = await runSteps(await scene(), steps);
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const { objects, intensityOf } = measurements[2] as any;
  expect(intensityOf).toBe('original');
  const [, , apart] = byX(objects);
  expect(apart.intensity.gray.mean).toBeCloseTo(200, -1);
  expect(apart.physical).toMatchObject({ unit: 'µm', area: apart.area / 4, feretMax: apart.feretMax / 2 });
});

test('after a step that moves pixels, intensity is that of the picture at hand, and the answer says so', async () => {
  const { measurements } = await runSteps(await scene(), [{ operation: 'flip' }, { operation: 'watershed' }]);
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const { objects, intensityOf } = measurements[1] as any;
  expect(intensityOf).toBe('input');
  for (const { intensity } of objects) expect(intensity.gray.median).toBe(200);
});
