/** How 16-bit samples become 8-bit ones, where a step takes no more. */

import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';
import type { Modality } from '../vision/window.ts';
import { showWindow } from '../vision/window.ts';

/** Depths that sensors have. Images of one sensor are reduced alike, however bright each of them is. */
export const sensorBits = [8, 10, 12, 14, 16];

/**
 * The bits that samples really use, as a sensor's: most cameras write 10 to 14 bits into 16, and the upper ones are 0. Dropping the
 * lower eight of those would leave six gray values. The last of four channels is transparency, and does not count.
 */
export function bitsUsed(samples: Uint16Array, channels: number): number {
  let seen = 0;
  for (let i = 0; i < samples.length; i++) if (channels !== 4 || (i & 3) !== 3) seen |= samples[i];
  return sensorBits.find((bits) => seen < 2 ** bits) as number;
}

/** The upper eight of the bits that are used. */
export function upperBits(samples: Uint16Array, channels: number, bits: number): Buffer {
  const reduced = Buffer.allocUnsafeSlow(samples.length);
  const shift = bits - 8;
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] >> (channels === 4 && (i & 3) === 3 ? 8 : shift);
    reduced[i] = value > 255 ? 255 : value;
  }
  return reduced;
}

/** An image in the middle of a chain on 8 bits: of a medical image what its window shows, else the upper eight of `bits`. */
export function toEightBits(image: Mat, bits: number, modality: Modality | undefined, scope: Scope): Mat {
  if (modality) return showWindow(image, modality, scope);
  const reduced = scope.mat();
  // Rounded down, as a shift does.
  image.convertTo(reduced, cv.CV_8U, 2 ** (8 - bits), -0.5 + 2 ** -10);
  return reduced;
}
