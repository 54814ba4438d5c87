import { z } from 'zod';
import { scaleOf } from '../vision/binary.ts';
import { count, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { sampleOf } from '../vision/gray-scale.ts';
import { labelComponents } from '../vision/label-components.ts';
import { cv } from '../vision/opencv.ts';
import { samplesOf } from '../vision/samples.ts';

/** Threshold with two values (Canny 1986): weak pixels count where they hang together with strong ones. Use it for faint lines and rims. */
export const hysteresisThreshold = defineOperation({
  name: 'hysteresis-threshold',
  title: 'Hysteresis threshold',
  group: 'threshold',
  summary: 'Keeps what is bright, with the fainter pixels that touch it: vessels, fibers, cells with dim rims.',
  source: 'J. Canny, A computational approach to edge detection, 1986; as scikit-image apply_hysteresis_threshold',
  maxDepth: 16,
  result: 'data',
  params: z
    .strictObject({
      low: z.number().min(0).max(255).default(80).describe('fainter pixels never count'),
      high: z.number().min(0).max(255).default(160).describe('brighter pixels always count'),
      connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner hang together'),
      ...channelParam,
    })
    .refine(({ low, high }) => low <= high, { path: ['low'], error: 'must not be above high' }),
  measures: z.looseObject({
    count: count('connected parts that stayed'),
    removed: count('connected parts without a bright pixel'),
    foregroundFraction: part('all pixels that is white'),
  }),
  run({ image, gray: imageScale, scope }, { low, high, connectivity, channel }) {
    const gray = channelOf(image, channel, scope);
    const mask = scope.mat();
    const scale = scaleOf(channel, gray, imageScale);
    cv.threshold(gray, mask, Math.floor(sampleOf(scale, low)), 255, cv.THRESH_BINARY);
    mask.convertTo(mask, cv.CV_8U);
    const strong = sampleOf(scale, high);
    const { labels, count } = labelComponents(mask, connectivity, 1, scope);
    const [samples, label] = [samplesOf(gray), labels.data32S as Int32Array];
    const isStrong = new Uint8Array(count + 1);
    for (let i = 0; i < label.length; i++) if (samples[i] > strong) isStrong[label[i]] = 1;
    const pixels = mask.data as Uint8Array;
    let kept = 0;
    for (let i = 0; i < pixels.length; i++) {
      if (pixels[i] && !isStrong[label[i]]) pixels[i] = 0;
      if (pixels[i]) kept++;
    }
    const objects = isStrong.reduce((sum, strong) => sum + strong, 0);
    return {
      image: mask,
      measurements: { count: objects, removed: count - objects, foregroundFraction: kept / pixels.length },
    };
  },
});
