import { z } from 'zod';
import { maxResultSide } from '../limits.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import type { Point } from '../vision/homography.ts';
import { cv } from '../vision/opencv.ts';
import { checkResultSize } from '../vision/result-size.ts';

const coordinate = z.number().min(-100_000).max(100_000);
const corner = z.tuple([coordinate, coordinate]);

/** Rectifies a quadrilateral to a rectangle (OpenCV `getPerspectiveTransform`, `warpPerspective`). Use it for pages, screens and façades photographed at an angle. */
export const perspective = defineOperation({
  name: 'perspective',
  title: 'Correct perspective',
  group: 'geometry',
  summary: 'Makes four corners the corners of the picture: pages, screens, façades seen at an angle.',
  source: 'OpenCV getPerspectiveTransform, warpPerspective (INTER_CUBIC)',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'transformed',
  params: z.strictObject({
    corners: z
      .tuple([corner, corner, corner, corner])
      .refine(isConvex, { error: 'must go around a convex quadrilateral' })
      .describe(
        '[x, y] in the image of what becomes the top left, top right, bottom right and bottom left corner; the image reaches from 0, 0 to its width and height',
      )
      .meta({ unit: 'px' }),
    width: z
      .int()
      .min(1)
      .max(maxResultSide)
      .optional()
      .describe('width of the result; default: the longer of the two sides across')
      .meta({ unit: 'px' }),
    height: z
      .int()
      .min(1)
      .max(maxResultSide)
      .optional()
      .describe('height of the result; default: the longer of the two sides across')
      .meta({ unit: 'px' }),
  }),
  run({ image, maxPixels, scope }, { corners, width, height }) {
    const [a, b, c, d] = corners.map(([x, y]) => ({ x, y }));
    const w = width ?? Math.min(maxResultSide, Math.max(1, Math.round(Math.max(distance(a, b), distance(d, c)))));
    const h = height ?? Math.min(maxResultSide, Math.max(1, Math.round(Math.max(distance(a, d), distance(b, c)))));
    checkResultSize(w, h, maxPixels);
    // OpenCV counts from the center of the first pixel, corners are counted from its edge.
    const pointsOf = (flat: number[]) =>
      scope.own(
        cv.matFromArray(
          4,
          1,
          cv.CV_32FC2,
          flat.map((at) => at - 0.5),
        ),
      );
    const [from, to] = [pointsOf(corners.flat()), pointsOf([0, 0, w, 0, w, h, 0, h])];
    const matrix = scope.own(cv.getPerspectiveTransform(from, to));
    const result = scope.mat();
    cv.warpPerspective(image, result, matrix, new cv.Size(w, h), cv.INTER_CUBIC, cv.BORDER_REPLICATE);
    return { image: result };
  },
});

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** All turns in the same direction, and none straight on. */
function isConvex(quad: readonly (readonly [x: number, y: number])[]): boolean {
  const turns = quad.map(([px, py], i) => {
    const [[qx, qy], [rx, ry]] = [quad[(i + 1) % 4], quad[(i + 2) % 4]];
    return Math.sign((qx - px) * (ry - qy) - (qy - py) * (rx - qx));
  });
  return turns[0] !== 0 && turns.every((turn) => turn === turns[0]);
}
