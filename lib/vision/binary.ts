import { z } from 'zod';
import { type ChannelName, channelOf, channelParam } from './gray-channel.ts';
import { eightBits, type GrayScale, grayOf, sampleOf } from './gray-scale.ts';
import { borderFraction } from './illumination.ts';
import type { SampleValues } from './object-table.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** How operations that look for objects tell them from the background. */
export const binaryParams = {
  threshold: z
    .union([z.literal('otsu'), z.number().min(0).max(255)])
    .default('otsu')
    .describe('gray value that separates objects from the background'),
  objects: z.enum(['bright', 'dark', 'auto']).default('auto').describe('auto: the opposite of the image border'),
  ...channelParam,
};

export interface BinaryOptions {
  threshold: 'otsu' | number;
  objects: 'bright' | 'dark' | 'auto';
  /** Gray, if left out. */
  channel?: ChannelName;
}

/** What the samples of an image mean. */
export interface Brightness {
  gray: GrayScale;
  imageValues: SampleValues;
}

/** Of an image of 8 bits. */
const usual: Brightness = { gray: eightBits, imageValues: { offset: 0, factor: 1 } };

/** The threshold that was used, as measurements say it. */
export interface UsedThreshold {
  threshold: number;
  fileThreshold?: number;
}

/** White objects on black. */
export function binarize(
  image: Mat,
  { threshold, objects, channel = 'gray' }: BinaryOptions,
  scope: Scope,
  brightness = usual,
): { binary: Mat } & UsedThreshold {
  const binary = scope.mat();
  const analyzed = channelOf(image, channel, scope);
  const scale = scaleOf(channel, analyzed, brightness.gray);
  const otsu = threshold === 'otsu';
  const type = cv.THRESH_BINARY + (otsu ? cv.THRESH_OTSU : 0);
  // Of whole samples, those above the threshold are above its whole part.
  const given = otsu ? 0 : sampleOf(scale, threshold);
  const found = cv.threshold(analyzed, binary, Math.floor(given), 255, type);
  if (binary.elemSize1() === 2) binary.convertTo(binary, cv.CV_8U);
  if (objects === 'auto' ? borderFraction(binary) > 0.5 : objects === 'dark') cv.bitwise_not(binary, binary);
  return { binary, ...saidThreshold(otsu ? found : given, analyzed, channel, brightness) };
}

/** Channels whose samples are those of the file. */
const plain: readonly ChannelName[] = ['gray', 'red', 'green', 'blue'];

/** Hue, saturation, lightness and stains are spread over all samples, whatever those of the colors span. */
export function scaleOf(channel: ChannelName, image: Mat, gray: GrayScale): GrayScale {
  if (image.elemSize1() === 1) return eightBits;
  return plain.includes(channel) ? gray : { black: 0, white: 65_535 };
}

/** A threshold in samples as measurements say it: on the scale of gray values, and of a deeper image in the values of the file. */
export function saidThreshold(
  sample: number,
  image: Mat,
  channel: ChannelName,
  { gray, imageValues: { offset, factor } }: Brightness,
): UsedThreshold {
  const threshold = grayOf(scaleOf(channel, image, gray), sample);
  if (image.elemSize1() === 1 || !plain.includes(channel)) return { threshold };
  return { threshold, fileThreshold: offset + factor * sample };
}
