import sharp from 'sharp';
import { type Homography, mapPoint } from '../../lib/vision/homography.ts';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test('a turned and shifted shot is aligned', async () => {
  const turned = await sharp(fixture('graf1.png')).rotate(10).resize(700).png().toBuffer();
  const { bytes } = await run('register', 'graf1.png', { output: 'aligned' }, turned);
  const middle = (file: Uint8Array) =>
    sharp(file).extract({ left: 200, top: 150, width: 400, height: 300 }).removeAlpha().raw().toBuffer();
  const [a, b] = [await middle(bytes), await middle(fixture('graf1.png'))];
  expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(12);
});

const maps: [string, Homography][] = [
  ['turned by 10°', turnedAndScaled(10, 1)],
  ['turned by 90°', turnedAndScaled(90, 1)],
  ['at half the size', turnedAndScaled(0, 0.5)],
  ['at twice the size', turnedAndScaled(0, 2)],
  ['in perspective', [1, 0, 0, 0, 1, 0, 5e-4, 2e-4, 1]],
];

test.each(maps)('a darker shot, %s, is aligned to a tenth of a pixel', async (_, truth) => {
  const shot = await warped('graf1.png', truth);
  const { measured } = await run('register', 'graf1.png', {}, shot);
  const found = measured.homography.flat() as Homography;
  const errors = Array.from({ length: 81 }, (_, i) => ({ x: (i % 9) * 100, y: Math.floor(i / 9) * 80 }))
    .filter((point) => isInside(mapPoint(truth, point)))
    .map((point) => {
      const [a, b] = [mapPoint(truth, point), mapPoint(found, point)];
      return Math.hypot(a.x - b.x, a.y - b.y);
    });
  expect(errors.length).toBeGreaterThan(15);
  expect(Math.max(...errors)).toBeLessThan(0.1);
});

test('without refinement the homography is that of the matches', async () => {
  const shot = await warped('graf1.png', turnedAndScaled(10, 1));
  const { measured: matched } = await run('feature-matching', 'graf1.png', { refine: false }, shot);
  const { measured } = await run('register', 'graf1.png', { refine: false }, shot);
  expect(measured.homography).toEqual(matched.homography);
  expect((await run('register', 'graf1.png', {}, shot)).measured.homography).not.toEqual(matched.homography);
});

test('pictures of different things are not aligned', async () => {
  await expect(run('register', 'coffee.png', {}, 'box.png')).rejects.toThrow(/Too few matches agree: \d+ of \d+/);
});

/** About the middle of graf1, 800 × 640. */
function turnedAndScaled(degrees: number, scale: number): Homography {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [cos, -sin, 400 - 400 * cos + 320 * sin, sin, cos, 320 - 400 * sin - 320 * cos, 0, 0, 1];
}

function isInside({ x, y }: { x: number; y: number }): boolean {
  return x >= 0 && y >= 0 && x < 800 && y < 640;
}

/** The picture as another camera would see it, with nine tenths of the contrast. */
async function warped(name: string, map: Homography): Promise<Buffer> {
  await loadOpenCv();
  using scope = new Scope();
  const { data, info } = await sharp(fixture(name)).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  const size = new cv.Size(info.width, info.height);
  const source = scope.own(cv.matFromArray(info.height, info.width, cv.CV_8UC1, data as never));
  const target = scope.mat();
  cv.warpPerspective(source, target, scope.own(cv.matFromArray(3, 3, cv.CV_64FC1, map)), size, cv.INTER_CUBIC);
  target.convertTo(target, -1, 0.9, 0);
  return sharp(Buffer.from(target.data), { raw: { width: size.width, height: size.height, channels: 1 } })
    .png()
    .toBuffer();
}
