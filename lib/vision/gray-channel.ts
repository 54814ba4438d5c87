/** One gray image out of a color one: what analysis looks at. */
import { z } from 'zod';
import { problem } from '../problems.ts';
import { toGray } from './channels.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { grayLike, samplesOf } from './samples.ts';
import type { Scope } from './scope.ts';
import { type Stain, stainNames, usualStains } from './stains.ts';
import { unmixStains } from './unmix-stains.ts';

const colors = ['red', 'green', 'blue'] as const;

/** Channels of a color image, each spread over all sample values; of the stains, brighter is more. */
export const channelNames = ['gray', ...colors, 'hue', 'saturation', 'lightness', ...stainNames] as const;
export type ChannelName = (typeof channelNames)[number];

/** The parameter of all operations that look at one channel. */
export const channelParam = {
  channel: z
    .enum(channelNames)
    .default('gray')
    .describe(
      'channel of a color image to analyze: a blue object is dark in gray. ' +
        'hematoxylin, eosin, dab: brighter where there is more of the stain',
    ),
};

/**
 * The channel of an image, in its depth. A gray image has but one channel, and is given back as it is; throws `operation-failed`
 * where one of hue, saturation or a stain is asked of it.
 */
export function channelOf(image: Mat, channel: ChannelName, scope: Scope): Mat {
  if (channel === 'gray') return toGray(image, scope);
  if (image.channels() === 1) {
    if (channel === 'lightness' || isColor(channel)) return image;
    throw problem('operation-failed', `A gray image has no ${channel}.`, { field: 'channel' });
  }
  if (isColor(channel)) return plane(image, colors.indexOf(channel), scope);
  if (channel === 'hue' || channel === 'saturation' || channel === 'lightness')
    return inColorSpace(image, channel, scope);
  return stainOf(image, channel, scope);
}

function isColor(channel: ChannelName): channel is (typeof colors)[number] {
  return (colors as readonly ChannelName[]).includes(channel);
}

/** One of the interleaved channels. */
function plane(image: Mat, index: number, scope: Scope): Mat {
  const result = grayLike(image, scope);
  if (kernels && image.elemSize1() === 1 && image.isContinuous()) {
    kernels.plane(addressOf(image), addressOf(result), image.rows * image.cols, index);
    return result;
  }
  const [source, target] = [samplesOf(image), samplesOf(result)];
  for (let i = 0, p = index; i < target.length; i++, p += 3) target[i] = source[p];
  return result;
}

/** Hue (of 360°) and saturation of HSV, L of CIE Lab; each over the whole range of the samples. */
function inColorSpace(image: Mat, channel: 'hue' | 'saturation' | 'lightness', scope: Scope): Mat {
  const index = channel === 'saturation' ? 1 : 0;
  const code = channel === 'lightness' ? cv.COLOR_RGB2Lab : cv.COLOR_RGB2HSV_FULL;
  const converted = scope.mat();
  if (image.elemSize1() === 1) {
    cv.cvtColor(image, converted, code);
    return plane(converted, index, scope);
  }
  const white = 65_535;
  const float = scope.mat();
  image.convertTo(float, cv.CV_32F, 1 / white);
  cv.cvtColor(float, converted, code);
  const result = grayLike(image, scope);
  const [source, target] = [converted.data32F as Float32Array, samplesOf(result)];
  const most = { hue: 360, saturation: 1, lightness: 100 }[channel];
  for (let i = 0, p = index; i < target.length; i++, p += 3)
    target[i] = Math.min(white, Math.round((source[p] * white) / most));
  return result;
}

function stainOf(image: Mat, stain: Stain, scope: Scope): Mat {
  return unmixStains(image, usualStains, stain, scope).gray;
}
