/** Gray values from 0 to 255, in which parameters and measurements say brightness, and the samples of an image of 8 or 16 bits. */

import type { Mat } from './opencv.ts';

/** The samples that gray values 0 and 255 stand for. */
export interface GrayScale {
  black: number;
  white: number;
}

export const eightBits: GrayScale = { black: 0, white: 255 };
/** Samples that use all of 16 bits. */
export const sixteenBits: GrayScale = { black: 0, white: 65_535 };

/** The scale of differences between samples, for images of 16 bits; those of 8 stay on theirs. */
export function scaleOfDifferences(image: Mat, { black, white }: GrayScale): { scale?: GrayScale } {
  return image.elemSize1() === 2 ? { scale: { black: 0, white: white - black } } : {};
}

/** The sample of a gray value; not rounded. */
export function sampleOf({ black, white }: GrayScale, gray: number): number {
  return black + (gray * (white - black)) / 255;
}

/** The gray value of a sample: beyond 0 to 255 where samples lie beyond black and white. */
export function grayOf({ black, white }: GrayScale, sample: number): number {
  return white === black ? 0 : ((sample - black) * 255) / (white - black);
}

/** How many samples lie between two gray values that are one apart. */
export function samplesPerGray({ black, white }: GrayScale): number {
  return (white - black) / 255;
}
