import { z } from 'zod';
import { maxListedObjects } from '../limits.ts';
import { saidThreshold, scaleOf } from '../vision/binary.ts';
import { count, point, sampleValue, truncated } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { samplesPerGray } from '../vision/gray-scale.ts';
import { labelComponents } from '../vision/label-components.ts';
import { cv } from '../vision/opencv.ts';
import { reconstruct } from '../vision/reconstruct.ts';
import { samplesOf, whiteOf } from '../vision/samples.ts';

const peak = point.extend({ value: sampleValue('greatest or least sample') });

/** Peaks that rise by `height` or more above what is around them (Soille 2003, section 6.3.4). Use it to count bright spots or to seed segments. */
export const hMaxima = defineOperation({
  name: 'h-maxima',
  title: 'H-maxima',
  group: 'morphology',
  summary:
    'Marks the peaks (or hollows) that rise by a height above their surroundings, and lists them: seeds, spots, minima.',
  source: 'P. Soille, Morphological Image Analysis, 2003, section 6.3.4; as scikit-image h_maxima and h_minima',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    height: z
      .number()
      .min(0.01)
      .max(255)
      .default(20)
      .describe('gray values that one has to go down from a peak to reach a higher one'),
    of: z.enum(['maxima', 'minima']).default('maxima').describe('peaks or hollows'),
    connectivity: z.literal([4, 8]).default(8).describe('whether pixels that share only a corner are neighbors'),
    ...channelParam,
  }),
  measures: z.looseObject({
    count: count('peaks or hollows'),
    truncated,
    maxima: z.array(peak).optional(),
    minima: z.array(peak).optional(),
  }),
  run({ image, scope, ...brightness }, { height, of, connectivity, channel }) {
    const gray = channelOf(image, channel, scope);
    const { rows, cols } = gray;
    const given = samplesOf(gray);
    const white = whiteOf(gray);
    const drop = Math.max(1, Math.round(height * samplesPerGray(scaleOf(channel, gray, brightness.gray))));
    const samples = of === 'maxima' ? given.slice() : given.map((value) => white - value);
    const lowered = samples.map((value) => Math.max(0, value - drop));
    const filled = reconstruct(lowered, samples, rows, cols, connectivity);
    const mask = scope.mat(rows, cols, cv.CV_8UC1);
    const marked = mask.data as Uint8Array;
    for (let i = 0; i < marked.length; i++) marked[i] = samples[i] - filled[i] >= drop ? 255 : 0;
    const { labels, count } = labelComponents(mask, connectivity, 1, scope);
    const points = centers(labels.data32S as Int32Array, cols, count, samples);
    const highest = points.sort((a, b) => b.value - a.value).slice(0, maxListedObjects);
    const listed = highest.map(({ x, y, value }) => {
      const { threshold, fileThreshold = threshold } = saidThreshold(
        of === 'maxima' ? value : white - value,
        gray,
        channel,
        brightness,
      );
      return { x, y, value: fileThreshold };
    });
    return { image: mask, measurements: { count, truncated: count > listed.length, [of]: listed } };
  },
});

/** The middle of each marked region, and its greatest sample. */
function centers(label: Int32Array, cols: number, count: number, samples: Uint8Array | Uint16Array) {
  const sums = Array.from({ length: count }, () => ({ x: 0, y: 0, pixels: 0, value: 0 }));
  for (let i = 0; i < label.length; i++) {
    if (label[i] === 0) continue;
    const sum = sums[label[i] - 1];
    sum.x += i % cols;
    sum.y += Math.floor(i / cols);
    sum.pixels++;
    sum.value = Math.max(sum.value, samples[i]);
  }
  return sums.map(({ x, y, pixels, value }) => ({ x: x / pixels, y: y / pixels, value }));
}
