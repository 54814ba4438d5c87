import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { countNonZero } from '../vision/count.ts';
import { count, grayValue, part } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv, type Mat } from '../vision/opencv.ts';

/** Canny's edge detector (Canny 1986; OpenCV `Canny`): thin, connected outlines. Use it where edges matter more than texture. */
export const canny = defineOperation({
  name: 'canny',
  title: 'Canny edges',
  group: 'edges',
  summary: 'Finds thin, connected outlines. Use it where edges matter more than texture.',
  source: 'J. Canny, A Computational Approach to Edge Detection, 1986; OpenCV Canny',
  result: 'data',
  params: z
    .strictObject({
      lowThreshold: z.number().min(0).max(10_000).default(100).describe('gradient below which a pixel is no edge'),
      highThreshold: z.number().min(0).max(10_000).default(200).describe('gradient above which a pixel surely is one'),
      auto: z.boolean().default(false).describe('take both thresholds from the median gray value instead'),
      apertureSize: z.literal([3, 5, 7]).default(3).describe('side of the Sobel kernel').meta({ unit: 'px' }),
      l2Gradient: z.boolean().default(false).describe('Euclidean gradient magnitude: more exact, slower'),
      blur: z
        .number()
        .min(0)
        .max(20)
        .default(0)
        .describe('standard deviation of a Gaussian blur before; 0 for none')
        .meta({ unit: 'px' }),
    })
    .refine(({ lowThreshold, highThreshold, auto }) => auto || lowThreshold <= highThreshold, {
      path: ['lowThreshold'],
      error: 'must not be above highThreshold',
    }),
  measures: z.looseObject({
    edgePixels: count('edge pixels'),
    edgeFraction: part('all pixels'),
    lowThreshold: grayValue('gradient that was used'),
    highThreshold: grayValue('gradient that was used'),
  }),
  run({ image, scope }, { auto, apertureSize, l2Gradient, blur, ...given }) {
    let gray = toGray(image, scope);
    if (blur > 0) {
      const blurred = scope.mat();
      cv.GaussianBlur(gray, blurred, new cv.Size(0, 0), blur);
      gray = blurred;
    }
    const { lowThreshold, highThreshold } = auto ? thresholdsFromMedian(median(gray)) : given;
    const edges = scope.mat();
    cv.Canny(gray, edges, lowThreshold, highThreshold, apertureSize, l2Gradient);
    const edgePixels = countNonZero(edges);
    return {
      image: edges,
      measurements: { edgePixels, edgeFraction: edgePixels / (edges.rows * edges.cols), lowThreshold, highThreshold },
    };
  },
});

/** The usual rule of a third below and above the median (A. Rosebrock, "Zero-parameter, automatic Canny edge detection", 2015). */
function thresholdsFromMedian(median: number) {
  return { lowThreshold: Math.round(median * 0.67), highThreshold: Math.min(255, Math.round(median * 1.33)) };
}

/** The median of an 8-bit gray image. */
function median(gray: Mat): number {
  const counts = new Uint32Array(256);
  const pixels = gray.data as Uint8Array;
  for (let i = 0; i < pixels.length; i++) counts[pixels[i]]++;
  let value = 0;
  for (let seen = counts[0]; seen * 2 < pixels.length; seen += counts[value]) value++;
  return value;
}
