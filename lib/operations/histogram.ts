import { z } from 'zod';
import { count, sampleValue } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import type { SampleValues } from '../vision/object-table.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { type Bins, histogramOf, inBins, percentileOf } from '../vision/sample-statistics.ts';
import type { Scope } from '../vision/scope.ts';

/** Histogram of each channel, as numbers and as a plot. Use it to judge exposure, and before choosing thresholds. */
export const histogram = defineOperation({
  name: 'histogram',
  title: 'Histogram',
  group: 'color',
  summary: 'Counts how often each brightness occurs, per channel, and plots it.',
  source: 'frequency of samples',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    logarithmic: z.boolean().default(false).describe('logarithmic height, to see rare values'),
  }),
  measures: z.looseObject({
    channels: z.record(
      z.string(),
      z.object({
        mean: sampleValue('mean'),
        standardDeviation: sampleValue('standard deviation'),
        min: sampleValue('least'),
        median: sampleValue('median'),
        max: sampleValue('greatest'),
        binStart: sampleValue('the first value of the first bin: 0 with 8 bits, else the least value'),
        binWidth: sampleValue('width of a bin: 1 with 8 bits'),
        counts: z.array(count('samples in a bin')).describe('of 256 bins'),
      }),
    ),
  }),
  run({ image, imageValues, scope }, { logarithmic }) {
    const names = image.channels() === 1 ? ['gray'] : ['red', 'green', 'blue'];
    const samples = names.map((_, channel) => histogramOf(image, channel));
    const { all, values } = ascending(samples, imageValues);
    const bins = all.map(inBins);
    const channels = Object.fromEntries(
      names.map((name, i) => [name, { ...statistics(all[i], values), ...described(bins[i], values) }]),
    );
    const counts = bins.map((bin) => bin.counts);
    return { image: plot(counts, logarithmic, scope), measurements: { channels } };
  },
});

/** In the order of the values of the file: some files show low values bright. */
function ascending(all: Uint32Array[], values: SampleValues): { all: Uint32Array[]; values: SampleValues } {
  const { offset, factor } = values;
  if (factor > 0) return { all, values };
  const last = all[0].length - 1;
  return { all: all.map((counts) => counts.toReversed()), values: { offset: offset + factor * last, factor: -factor } };
}

function statistics(counts: Uint32Array, { offset, factor }: SampleValues) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / total;
  const variance = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / total;
  const value = (sample: number) => offset + factor * sample;
  return {
    mean: value(mean),
    standardDeviation: factor * Math.sqrt(variance),
    min: value(counts.findIndex((count) => count > 0)),
    median: value(percentileOf(counts, 50)),
    max: value(counts.findLastIndex((count) => count > 0)),
  };
}

function described({ start, width, counts }: Bins, { offset, factor }: SampleValues) {
  return { binStart: offset + factor * start, binWidth: factor * width, counts: Array.from(counts) };
}

const plotHeight = 300;
const barWidth = 2;
const ink = [
  [220, 50, 50],
  [40, 160, 70],
  [50, 90, 220],
];

/** Bars of two pixels for each value; where channels overlap, their colors mix. */
function plot(counts: Uint32Array[], logarithmic: boolean, scope: Scope): Mat {
  const height = (count: number) => (logarithmic ? Math.log1p(count) : count);
  const greatest = Math.max(1, ...counts.flatMap((channel) => Array.from(channel, height)));
  const width = 256 * barWidth;
  const canvas = scope.own(new cv.Mat(plotHeight, width, cv.CV_8UC3, new cv.Scalar(255, 255, 255)));
  const pixels = canvas.data as Uint8Array;
  for (const [channel, values] of counts.entries()) {
    const color = counts.length === 1 ? [60, 60, 60] : ink[channel];
    for (let x = 0; x < width; x++) {
      const top = plotHeight - Math.round((height(values[Math.floor(x / barWidth)]) / greatest) * plotHeight);
      for (let y = top; y < plotHeight; y++) {
        for (let c = 0; c < 3; c++)
          pixels[(y * width + x) * 3 + c] = (pixels[(y * width + x) * 3 + c] * (255 + color[c])) / 510;
      }
    }
  }
  return canvas;
}
