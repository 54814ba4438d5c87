import { parseSteps } from '../../lib/imaging/steps.ts';
import { gray } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';
import { randomFrom } from '../harness/synthetic.ts';

interface Disc {
  x: number;
  y: number;
  r: number;
}

const [width, height] = [200, 120];
const discs: Disc[] = [
  { x: 20, y: 20, r: 3 },
  { x: 60, y: 30, r: 5 },
  { x: 110, y: 60, r: 8 },
  { x: 160, y: 40, r: 4 },
  // Two that touch.
  { x: 30, y: 90, r: 6 },
  { x: 42, y: 90, r: 6 },
  { x: 150, y: 95, r: 10 },
];

function picture(scale = 1, noise = 0, negative = false) {
  const random = randomFrom(7);
  const [w, h] = [width * scale, height * scale];
  const pixels = Uint8ClampedArray.from({ length: w * h }, (_, i) => {
    const [x, y] = [((i % w) + 0.5) / scale - 0.5, (Math.floor(i / w) + 0.5) / scale - 0.5];
    const value = discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) <= disc.r) ? 140 : 40;
    return (negative ? 255 - value : value) + noise * (random() + random() + random() - 1.5) * 2;
  });
  return gray(Buffer.from(pixels), w, h);
}

/** How many of the discs have a spot of their own, at their place and of about their size. */
function matched(spots: { x: number; y: number; diameter: number }[], scale = 1): number {
  return discs.filter(({ x, y, r }) =>
    spots.some(
      (spot) =>
        Math.hypot((spot.x + 0.5) / scale - 0.5 - x, (spot.y + 0.5) / scale - 0.5 - y) < 1 &&
        Math.abs(spot.diameter / scale / (2 * r + 1) - 1) < 0.25,
    ),
  ).length;
}

test.each([
  ['as drawn', 1, 0, false],
  ['in noise', 1, 15, false],
  ['at four times the size', 4, 15, false],
  ['dark on bright', 1, 0, true],
])('each disc is a spot of its size, %s', async (_, scale, noise, negative) => {
  const { measured } = await run('spots', await picture(scale, noise, negative), {
    minDiameter: 5 * scale,
    maxDiameter: 24 * scale,
    contrast: 40,
    objects: negative ? 'dark' : 'bright',
  });
  expect([measured.count, matched(measured.spots, scale)]).toEqual([7, 7]);
  expect(Math.abs(measured.spots[0].contrast - 100)).toBeLessThan(15);
});

test('where there are none, there are none: plain, and noise', async () => {
  const noise = randomFrom(3);
  const pixels = Buffer.from(Array.from({ length: width * height }, () => 100 + 30 * (noise() - 0.5)));
  expect((await run('spots', await gray(pixels, width, height))).measured.count).toBe(0);
  expect((await run('spots', await gray(Buffer.alloc(100, 80), 10, 10))).measured.count).toBe(0);
});

test('a smallest spot larger than the largest is refused', () => {
  const steps = [{ operation: 'spots', params: { minDiameter: 30, maxDiameter: 10 } }];
  expect(() => parseSteps(steps)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: 'steps[0].params.minDiameter' }) }),
  );
});
