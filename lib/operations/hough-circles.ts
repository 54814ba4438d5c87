import { z } from 'zod';
import { canvasOf } from '../vision/channels.ts';
import { count, length, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { lineWidth } from '../vision/drawing.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';

/** Circles by the Hough gradient method (Yuen 1990; OpenCV `HoughCircles`). Use it for coins, pupils, pipes seen from the end. */
export const houghCircles = defineOperation({
  name: 'hough-circles',
  title: 'Circles (Hough)',
  group: 'edges',
  summary: 'Finds circles, with their centers and radii.',
  source: 'H. Yuen et al., Comparative study of Hough transform methods for circle finding, 1990; OpenCV HoughCircles',
  params: z.strictObject({
    minRadius: pixels(0, 10_000).default(10).describe('minimum radius'),
    maxRadius: pixels(0, 10_000).default(0).describe('greatest radius; 0 for no limit'),
    minDistance: pixels(1, 10_000).default(20).describe('minimum distance between two centers'),
    edgeThreshold: z.number().min(1).max(1000).default(120).describe("upper threshold of Canny's edges"),
    votes: z.number().min(1).max(1000).default(40).describe('how well a circle must be supported; lower finds more'),
    ...channelParam,
  }),
  measures: z.looseObject({
    count: count('circles'),
    circles: z.array(z.object({ center: point, radius: length('radius') })),
  }),
  run({ image, scope }, { minRadius, maxRadius, minDistance, edgeThreshold, votes, channel }) {
    const smooth = scope.mat();
    cv.GaussianBlur(channelOf(image, channel, scope), smooth, new cv.Size(5, 5), 1.5, 1.5);
    const found = scope.mat();
    cv.HoughCircles(smooth, found, cv.HOUGH_GRADIENT, 1, minDistance, edgeThreshold, votes, minRadius, maxRadius);
    const circles = Array.from({ length: found.cols * found.rows }, (_, i) => {
      const [x, y, radius] = found.data32F.subarray(3 * i, 3 * i + 3);
      return { center: { x, y }, radius };
    });
    const canvas = canvasOf(image, scope);
    for (const { center, radius } of circles) {
      const middle = new cv.Point(Math.round(center.x), Math.round(center.y));
      cv.circle(canvas, middle, Math.round(radius), new cv.Scalar(60, 220, 90), 2 * lineWidth(canvas), cv.LINE_AA);
      cv.circle(canvas, middle, lineWidth(canvas), new cv.Scalar(255, 70, 70), cv.FILLED, cv.LINE_AA);
    }
    return { image: canvas, measurements: { count: circles.length, circles } };
  },
});
