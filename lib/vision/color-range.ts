import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

type Triple = readonly [number, number, number];

/** 255 where all three 8-bit samples lie between the bounds, 0 elsewhere, and how many the former are. A first lower bound above the upper one wraps around, if `wraps`. */
export function maskOfRange(
  image: Mat,
  lower: Triple,
  upper: Triple,
  wraps: boolean,
  outer: Scope,
): { mask: Mat; pixels: number } {
  const mask = outer.mat(image.rows, image.cols, cv.CV_8UC1);
  const target = mask.data as Uint8Array;
  if (kernels && image.isContinuous()) {
    using scope = new Scope();
    // Samples end at 255: no pixel is above a bound beyond it.
    const least = lower.some((bound) => bound > 255) ? ([255, 255, 255] as const) : lower;
    const most = least === lower ? upper.map((bound) => Math.min(255, bound)) : [0, 0, 0];
    const scratch = scope.mat(1, 64, cv.CV_8UC1);
    const pixels = kernels.inRange(
      ...([addressOf(image), addressOf(mask), target.length, ...least, ...most] as const),
      ...([wraps ? 1 : 0, addressOf(scratch)] as const),
    );
    return { mask, pixels };
  }
  const source = image.data as Uint8Array;
  let pixels = 0;
  for (let i = 0, p = 0; i < target.length; i++, p += 3) {
    const first = source[p];
    const hit = wraps ? first >= lower[0] || first <= upper[0] : first >= lower[0] && first <= upper[0];
    const second = source[p + 1] >= lower[1] && source[p + 1] <= upper[1];
    const third = source[p + 2] >= lower[2] && source[p + 2] <= upper[2];
    target[i] = hit && second && third ? 255 : 0;
    if (target[i]) pixels++;
  }
  return { mask, pixels };
}
