import { cv, type Mat } from './opencv.ts';

/** Where the top left corner of what is laid on an image stands; parts beyond the image are left out. */
export interface At {
  x: number;
  y: number;
}

/**
 * Lays an 8-bit RGB picture, or one color, on an RGB canvas: as opaque as its mask (0 to 255, CV_8UC1) says, times `opacity`, 0 to 1. A tiled picture is repeated
 * over the whole canvas by its caller.
 */
export function overlay(canvas: Mat, over: Mat | readonly number[], mask: Mat, { x, y }: At, opacity: number): void {
  const target = canvas.data as Uint8Array;
  const weights = mask.data as Uint8Array;
  const samples = over instanceof cv.Mat ? (over.data as Uint8Array) : undefined;
  const color = samples ? [] : (over as readonly number[]);
  for (let row = Math.max(0, -y); row < mask.rows && row + y < canvas.rows; row++) {
    for (let col = Math.max(0, -x); col < mask.cols && col + x < canvas.cols; col++) {
      const from = row * mask.cols + col;
      const weight = (weights[from] / 255) * opacity;
      const to = 3 * ((row + y) * canvas.cols + col + x);
      for (let c = 0; c < 3; c++) {
        const sample = samples ? samples[3 * from + c] : color[c];
        target[to + c] = Math.round(target[to + c] + weight * (sample - target[to + c]));
      }
    }
  }
}
