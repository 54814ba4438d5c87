import { z } from 'zod';
import { maxListedLines } from '../limits.ts';
import { canvasOf } from '../vision/channels.ts';
import { angle, count, length, point, truncated } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { pixels } from '../vision/declaration/params.ts';
import { lineWidth } from '../vision/drawing.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';
import { distinctColor } from '../vision/palette.ts';

/** Line segments by the probabilistic Hough transform (Matas 2000; OpenCV `HoughLinesP`) on Canny edges. Use it for roads, buildings, wires. */
export const houghLines = defineOperation({
  name: 'hough-lines',
  title: 'Lines (Hough)',
  group: 'edges',
  summary: 'Finds straight line segments, with their ends, lengths and angles.',
  source: 'J. Matas, C. Galambos & J. Kittler, Progressive Probabilistic Hough Transform, 2000; OpenCV HoughLinesP',
  params: z.strictObject({
    lowThreshold: z.number().min(0).max(1000).default(50).describe("Canny's lower threshold"),
    highThreshold: z.number().min(0).max(1000).default(150).describe("Canny's upper threshold"),
    votes: z.int().min(1).max(10_000).default(80).describe('edge pixels that must agree on a line'),
    minLength: pixels(1, 10_000).default(40).describe('shortest segment'),
    maxGap: pixels(0, 1000).default(5).describe('longest gap within a segment'),
    ...channelParam,
  }),
  measures: z.looseObject({
    count: count('segments'),
    truncated,
    lines: z.array(
      z.object({ from: point, to: point, length: length('distance of the ends'), angle: angle('direction') }),
    ),
  }),
  run({ image, scope }, { lowThreshold, highThreshold, votes, minLength, maxGap, channel }) {
    const edges = scope.mat();
    cv.Canny(channelOf(image, channel, scope), edges, lowThreshold, highThreshold);
    const found = scope.mat();
    cv.HoughLinesP(edges, found, 1, Math.PI / 180, votes, minLength, maxGap);
    const lines = Array.from({ length: found.rows }, (_, i) => segment(found.data32S.subarray(4 * i, 4 * i + 4)));
    lines.sort((a, b) => b.length - a.length);
    const canvas = canvasOf(image, scope);
    for (const [i, { from, to }] of lines.entries()) {
      const color = new cv.Scalar(...distinctColor(i));
      cv.line(canvas, new cv.Point(from.x, from.y), new cv.Point(to.x, to.y), color, lineWidth(canvas), cv.LINE_AA);
    }
    const truncated = lines.length > maxListedLines;
    return {
      image: canvas,
      measurements: { count: lines.length, truncated, lines: lines.slice(0, maxListedLines) },
    };
  },
});

/** `angle` in degrees from 0 to 180, counter-clockwise from the x axis. */
function segment([x1, y1, x2, y2]: Int32Array | number[]) {
  const angle = (Math.atan2(y1 - y2, x2 - x1) * 180) / Math.PI;
  return {
    from: { x: x1, y: y1 },
    to: { x: x2, y: y2 },
    length: Math.hypot(x2 - x1, y2 - y1),
    angle: (angle + 180) % 180,
  };
}
