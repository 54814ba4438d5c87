/** Gray values from 0 to 255, in which parameters and measurements say brightness, and the samples of an image of 8 or 16 bits. */

/** The samples that gray values 0 and 255 stand for. */
export interface GrayScale {
  black: number;
  white: number;
}

export const eightBits: GrayScale = { black: 0, white: 255 };

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
