/** Shots of graf1.png as another camera would see it, by homographies that are known. */
import sharp from 'sharp';
import { type Homography, mapPoint } from '../../lib/vision/homography.ts';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { fixture } from './fixtures.ts';

export const maps: [string, Homography][] = [
  ['turned by 10°', turnedAndScaled(10, 1)],
  ['turned by 90°', turnedAndScaled(90, 1)],
  ['at half the size', turnedAndScaled(0, 0.5)],
  ['at twice the size', turnedAndScaled(0, 2)],
  ['in perspective', [1, 0, 0, 0, 1, 0, 5e-4, 2e-4, 1]],
];

/** How far the found homography puts the points of a grid from where the true one does, in pixels; of those that lie in the shot. */
export function transferErrors(truth: Homography, found: Homography): number[] {
  return Array.from({ length: 81 }, (_, i) => ({ x: (i % 9) * 100, y: Math.floor(i / 9) * 80 }))
    .filter((point) => isInside(mapPoint(truth, point)))
    .map((point) => {
      const [a, b] = [mapPoint(truth, point), mapPoint(found, point)];
      return Math.hypot(a.x - b.x, a.y - b.y);
    });
}

/** About the middle of graf1, 800 × 640. */
export function turnedAndScaled(degrees: number, scale: number): Homography {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [cos, -sin, 400 - 400 * cos + 320 * sin, sin, cos, 320 - 400 * sin - 320 * cos, 0, 0, 1];
}

function isInside({ x, y }: { x: number; y: number }): boolean {
  return x >= 0 && y >= 0 && x < 800 && y < 640;
}

/** The picture as another camera would see it, with nine tenths of the contrast. */
export async function warped(name: string, map: Homography): Promise<Buffer> {
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
