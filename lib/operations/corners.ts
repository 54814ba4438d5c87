import { z } from 'zod';
import { canvasOf, toGray } from '../vision/channels.ts';
import { count, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { lineWidth } from '../vision/drawing.ts';
import { cv } from '../vision/opencv.ts';

/** Corners worth tracking (Shi & Tomasi 1994; OpenCV `goodFeaturesToTrack`). Use it to find points for tracking, stitching and calibration. */
export const corners = defineOperation({
  name: 'corners',
  title: 'Corners',
  group: 'edges',
  summary: 'Finds corners: points that can be found again in another picture.',
  source: 'J. Shi & C. Tomasi, Good Features to Track, 1994; OpenCV goodFeaturesToTrack',
  params: z.strictObject({
    maxCorners: z.int().min(1).max(5000).default(200).describe('maximum number of corners, strongest first'),
    quality: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.01)
      .describe('minimum strength, as a fraction of the strongest corner'),
    minDistance: pixels(1, 1000).default(10).describe('minimum distance between two corners'),
    harris: z.boolean().default(false).describe("Harris' measure (1988) instead"),
  }),
  measures: z.looseObject({
    count: count('corners'),
    truncated: z.boolean().describe('true if there are more than `maxCorners`'),
    corners: z.array(point),
  }),
  run({ image, scope }, { maxCorners, quality, minDistance, harris }) {
    const found = scope.mat();
    const everywhere = scope.mat();
    // One more than wanted shows whether there are more.
    const limit = maxCorners + 1;
    cv.goodFeaturesToTrack(toGray(image, scope), found, limit, quality, minDistance, everywhere, 3, harris, 0.04);
    const points = Array.from({ length: Math.min(maxCorners, found.rows) }, (_, i) => ({
      x: found.data32F[2 * i],
      y: found.data32F[2 * i + 1],
    }));
    const canvas = canvasOf(image, scope);
    for (const { x, y } of points) {
      cv.circle(
        canvas,
        new cv.Point(x, y),
        3 * lineWidth(canvas),
        new cv.Scalar(255, 70, 70),
        lineWidth(canvas),
        cv.LINE_AA,
      );
    }
    const truncated = found.rows > maxCorners;
    return { image: canvas, measurements: { count: points.length, truncated, corners: points } };
  },
});
