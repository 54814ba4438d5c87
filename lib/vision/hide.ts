import type { Box } from './boxes.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export const hidingMethods = ['pixelate', 'blur', 'fill'] as const;
type HidingMethod = (typeof hidingMethods)[number];

/** Blurring or pixelating leaves so many distinct cells across a box. */
const cellsAcross = 4;

/** Makes what is in a box, which lies inside the canvas, unrecognizable. `rgb` is the color of method `fill`. */
export function hide(canvas: Mat, { x, y, width, height }: Box, method: HidingMethod, rgb: readonly number[]): void {
  using scope = new Scope();
  const part = scope.own(canvas.roi(new cv.Rect(x, y, width, height)));
  if (method === 'fill') {
    part.setTo(new cv.Scalar(...rgb));
    return;
  }
  // Both go through a picture of a few cells, so that nothing finer can be got back.
  const cells = scope.mat();
  const across = new cv.Size(Math.min(width, cellsAcross), Math.min(height, cellsAcross));
  cv.resize(part, cells, across, 0, 0, cv.INTER_AREA);
  const hidden = scope.mat();
  cv.resize(cells, hidden, new cv.Size(width, height), 0, 0, method === 'pixelate' ? cv.INTER_NEAREST : cv.INTER_CUBIC);
  hidden.copyTo(part);
}
