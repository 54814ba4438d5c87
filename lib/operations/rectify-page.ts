import { z } from 'zod';
import { maxResultSide } from '../limits.ts';
import { onWhite } from '../vision/channels.ts';
import { point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { findPage } from '../vision/page-quad.ts';
import { pageSize } from '../vision/page-size.ts';
import { checkResultSize } from '../vision/result-size.ts';

/** Finds a page in a photo and shows it from straight above, cut out of its surroundings. Use it on pages, receipts and signs; an image without one stays as it is. */
export const rectifyPage = defineOperation({
  name: 'rectify-page',
  title: 'Rectify a page',
  group: 'geometry',
  summary: 'Finds a page in a photo, cuts it out and shows it from straight above.',
  source:
    'OpenCV Canny, findContours, approxPolyDP, warpPerspective; Z. Zhang & L. He, Whiteboard scanning and image enhancement, 2007',
  alpha: 'transformed',
  params: z.strictObject({
    minArea: percent(2, 90).default(15).describe('least part of the image that the page takes'),
    paper: z
      .enum(['bright', 'any'])
      .default('bright')
      .describe('bright: the page is brighter than what is around it; any: it may be darker, too'),
  }),
  measures: z.looseObject({
    found: z.boolean().describe('whether there is a page'),
    corners: z.array(point).nullable().describe('of the page, from the upper left one clockwise'),
  }),
  run({ image, alpha, maxPixels, scope }, { minArea, paper }) {
    const options = { minArea: minArea / 100, bright: paper === 'bright' };
    const corners = findPage(onWhite(image, alpha, scope), options);
    if (!corners) return { measurements: { found: false, corners: null } };
    const size = pageSize(corners, { width: image.cols, height: image.rows });
    const shrink = Math.min(1, maxResultSide / Math.max(size.width, size.height));
    const [width, height] = [Math.round(size.width * shrink), Math.round(size.height * shrink)];
    checkResultSize(width, height, maxPixels);
    // OpenCV counts from the center of the first pixel, corners are counted from its edge.
    const pointsOf = (flat: number[]) => {
      const centered = flat.map((at) => at - 0.5);
      return scope.own(cv.matFromArray(4, 1, cv.CV_32FC2, centered));
    };
    const from = pointsOf(corners.flatMap(({ x, y }) => [x, y]));
    const matrix = scope.own(cv.getPerspectiveTransform(from, pointsOf([0, 0, width, 0, width, height, 0, height])));
    const rectified = (mat: Mat) => {
      const result = scope.mat();
      cv.warpPerspective(mat, result, matrix, new cv.Size(width, height), cv.INTER_CUBIC, cv.BORDER_REPLICATE);
      return result;
    };
    return {
      image: rectified(image),
      ...(alpha && { alpha: rectified(alpha) }),
      measurements: { found: true, corners: corners.map(({ x, y }) => ({ x, y })) },
    };
  },
});
