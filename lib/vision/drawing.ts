import type { Box } from './boxes.ts';
import { cv, type Mat } from './opencv.ts';
import type { Rgb } from './palette.ts';

/** A line width, in pixels, that can be seen when the image fills a screen. */
export function lineWidth({ rows, cols }: Mat): number {
  return Math.max(1, Math.round(Math.min(rows, cols) / 400));
}

export function drawBox(canvas: Mat, { x, y, width, height }: Box, color: Rgb): void {
  const corner = new cv.Point(Math.round(x), Math.round(y));
  const opposite = new cv.Point(Math.round(x + width), Math.round(y + height));
  cv.rectangle(canvas, corner, opposite, new cv.Scalar(...color), 2 * lineWidth(canvas), cv.LINE_AA);
}

/** A closed outline through the points. */
export function drawPolygon(canvas: Mat, points: readonly { x: number; y: number }[], color: Rgb): void {
  for (const [i, { x, y }] of points.entries()) {
    const next = points[(i + 1) % points.length];
    const [from, to] = [
      new cv.Point(Math.round(x), Math.round(y)),
      new cv.Point(Math.round(next.x), Math.round(next.y)),
    ];
    cv.line(canvas, from, to, new cv.Scalar(...color), 2 * lineWidth(canvas), cv.LINE_AA);
  }
}
