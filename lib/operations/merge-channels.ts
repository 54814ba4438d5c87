import { z } from 'zod';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, rgbOf } from '../vision/declaration/params.ts';
import { channelNames, channelOf } from '../vision/gray-channel.ts';
import { eightBits } from '../vision/gray-scale.ts';
import { mapSamples } from '../vision/lut.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkSameSize } from '../vision/same-size.ts';
import type { Scope } from '../vision/scope.ts';

/** Two gray channels in one picture, each in a color of its own. Use it for fluorescence: where both are, the colors add up. */
export const mergeChannels = defineOperation({
  name: 'merge-channels',
  title: 'Merge channels',
  group: 'two images',
  summary: 'Puts two channels into one picture, each in its color: fluorescence composites, colocalization.',
  source: 'additive mixing of pseudocolors; OpenCV addWeighted',
  inputs: ['image', 'reference'],
  params: z.strictObject({
    channel: z.enum(channelNames).default('gray').describe('channel of the first picture'),
    color: color().default('#00ff00').describe('its color at full brightness, as #rrggbb'),
    referenceChannel: z.enum(channelNames).default('gray').describe('channel of the second picture'),
    referenceColor: color().default('#ff00ff').describe('its color at full brightness, as #rrggbb'),
  }),
  run({ image, reference, scope }, params) {
    checkSameSize(image, reference);
    const first = tinted(channelOf(image, params.channel, scope), params.color, scope);
    const second = tinted(channelOf(reference, params.referenceChannel, scope), params.referenceColor, scope);
    const merged = scope.mat();
    cv.add(first, second, merged);
    return { image: merged };
  },
});

/** Each gray value as that part of the color. */
function tinted(gray: Mat, hex: string, scope: Scope): Mat {
  const parts = rgbOf(hex).map((weight) => (value: number) => (value * weight) / 255);
  return mapSamples(toRgb(gray, scope), parts, eightBits, scope);
}
