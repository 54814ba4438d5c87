/** How 16-bit samples become 8-bit ones, where a step takes no more. */

import { fieldProblem } from '../problems.ts';
import { eightBits, type GrayScale } from '../vision/gray-scale.ts';
import type { Modality } from '../vision/modality.ts';
import { windowEnds } from '../vision/modality.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { interpolatedPercentile } from '../vision/sample-statistics.ts';
import type { Scope } from '../vision/scope.ts';
import { showWindow } from '../vision/window.ts';
import type { Samples } from './strips.ts';

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

/** Rules by which 16-bit samples become 8-bit ones. */
export const depthRules = ['auto', 'window', 'percentiles', 'range', 'bits', 'full'] as const;
export type DepthRule = (typeof depthRules)[number];

/** The samples that become black and white; those between are spread evenly. */
export type Reduction = GrayScale;

/** What the rules look at. */
type Reducible = Pick<Samples, 'channels' | 'depth' | 'modality' | 'scaledFrom' | 'bits'> & { data: Uint8Array };

/** Samples that span less than this part of their bits are reduced by their range: else few gray values would be left. */
const leastSpan = 1 / 2;

/** A thousandth of the samples may be brighter, and one darker, than what `percentiles` shows: hot and dead pixels. */
const percentiles = [0.1, 99.9] as const;

/**
 * What a rule makes of the samples of a whole image; undefined where they are reduced by their bits or their window. Throws
 * `invalid-parameter` where a window is asked of a file that has none.
 */
export function reductionOf(
  { data, channels, depth, modality, scaledFrom, bits = 16 }: Reducible,
  rule: DepthRule,
): Reduction | undefined {
  if (rule === 'window' && !modality) throw fieldProblem('depth', 'is window, and the file has no window');
  if (depth === 8 || rule === 'bits' || (modality && (rule === 'auto' || rule === 'window'))) return undefined;
  // Those of floats were spread over all samples when they were read.
  if (rule === 'full' || (rule === 'auto' && scaledFrom)) return { black: 0, white: 65_535 };
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const counts = new Uint32Array(65_536);
  for (let i = 0; i < samples.length; i++) if (channels !== 4 || (i & 3) !== 3) counts[samples[i]]++;
  if (rule === 'auto') {
    const [least, greatest] = [counts.findIndex((count) => count > 0), counts.findLastIndex((count) => count > 0)];
    return least >= 0 && least < greatest && greatest - least < leastSpan * 2 ** bits
      ? { black: least, white: greatest }
      : undefined;
  }
  const [low, high] = rule === 'range' ? [0, 100] : percentiles;
  return { black: interpolatedPercentile(counts, low), white: interpolatedPercentile(counts, high) };
}

/** What the samples of an image are reduced by. */
export interface Depth {
  bits: number;
  modality?: Modality | undefined;
  reduction?: Reduction | undefined;
}

/** An image in the middle of a chain on 8 bits: by its reduction, else of a medical image what its window shows, else the upper eight of its bits. */
export function toEightBits(image: Mat, { bits, modality, reduction }: Depth, scope: Scope): Mat {
  if (reduction) return reducedTo(image, reduction, scope);
  if (modality) return showWindow(image, modality, scope);
  const reduced = scope.mat();
  // Rounded down, as a shift does.
  image.convertTo(reduced, cv.CV_8U, 2 ** (8 - bits), -0.5 + 2 ** -10);
  return reduced;
}

/** The samples of an image in the middle of a chain that gray values 0 and 255 stand for. */
export function grayScaleOf(image: Mat, { bits, modality, reduction }: Depth): GrayScale {
  if (image.elemSize1() === 1) return eightBits;
  if (reduction) return reduction;
  if (!modality) return { black: 0, white: 255 * 2 ** (bits - 8) };
  return windowEnds(modality);
}

function reducedTo(image: Mat, { black, white }: Reduction, scope: Scope): Mat {
  const scale = 255 / Math.max(1, white - black);
  const reduced = scope.mat();
  image.convertTo(reduced, cv.CV_8U, scale, -black * scale);
  return reduced;
}
