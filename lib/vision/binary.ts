import { z } from 'zod';
import { type ChannelName, channelOf, channelParam } from './gray-channel.ts';
import { borderFraction } from './illumination.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** How operations that look for objects tell them from the background. */
export const binaryParams = {
  threshold: z
    .union([z.literal('otsu'), z.int().min(0).max(255)])
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

/** White objects on black; `threshold` is the one that was used. */
export function binarize(
  image: Mat,
  { threshold, objects, channel = 'gray' }: BinaryOptions,
  scope: Scope,
): { binary: Mat; threshold: number } {
  const binary = scope.mat();
  const otsu = threshold === 'otsu';
  const type = cv.THRESH_BINARY + (otsu ? cv.THRESH_OTSU : 0);
  const used = cv.threshold(channelOf(image, channel, scope), binary, otsu ? 0 : threshold, 255, type);
  if (objects === 'auto' ? borderFraction(binary) > 0.5 : objects === 'dark') cv.bitwise_not(binary, binary);
  return { binary, threshold: used };
}
