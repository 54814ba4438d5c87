import { z } from 'zod';
import { problem } from '../problems.ts';
import { toRgb } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import type { Scope } from '../vision/scope.ts';
import { matchFeatures, matchMeasures } from './feature-matching.ts';

/** Aligns the reference to the image by matched features and a homography. Use it to compare two shots of the same scene or page. */
export const register = defineOperation({
  name: 'register',
  title: 'Align',
  group: 'two images',
  summary: 'Aligns the second picture to the first, and shows both together.',
  source: 'E. Rublee, ORB, 2011; OpenCV findHomography (USAC), calcOpticalFlowPyrLK, warpPerspective',
  inputs: ['image', 'reference'],
  params: z.strictObject({
    output: z
      .enum(['overlay', 'difference', 'checkerboard', 'aligned'])
      .default('overlay')
      .describe('both mixed, where they differ, in alternating squares, or the aligned reference alone'),
    detector: z.enum(['orb', 'akaze']).default('orb').describe('orb is fast; akaze copes better with blur and scale'),
    refine: z
      .boolean()
      .default(true)
      .describe('align to a fraction of a pixel by corners that are followed from one picture to the other'),
    squares: z.int().min(2).max(64).default(8).describe('squares of the checkerboard along the longer side'),
  }),
  measures: matchMeasures,
  run({ image, reference, scope }, { output, detector, refine, squares }) {
    const { homography, refusal, measurements } = matchFeatures(image, reference, { detector, refine }, scope);
    if (!homography) throw problem('operation-failed', refusal ?? 'The two pictures cannot be aligned.');
    const matrix = scope.own(cv.matFromArray(3, 3, cv.CV_64FC1, homography));
    const aligned = scope.mat();
    const flags = cv.INTER_LINEAR + cv.WARP_INVERSE_MAP;
    cv.warpPerspective(toRgb(reference, scope), aligned, matrix, new cv.Size(image.cols, image.rows), flags);
    return { image: combine(toRgb(image, scope), aligned, output, squares, scope), measurements };
  },
});

function combine(
  base: Mat,
  aligned: Mat,
  output: 'overlay' | 'difference' | 'checkerboard' | 'aligned',
  squares: number,
  scope: Scope,
): Mat {
  if (output === 'aligned') return aligned;
  const result = scope.mat();
  if (output === 'difference') cv.absdiff(base, aligned, result);
  if (output === 'overlay') cv.addWeighted(base, 0.5, aligned, 0.5, 0, result);
  if (output === 'checkerboard') {
    base.copyTo(result);
    const side = Math.ceil(Math.max(base.cols, base.rows) / squares);
    for (let y = 0; y < base.rows; y += side) {
      for (let x = (y / side) % 2 ? 0 : side; x < base.cols; x += 2 * side) {
        const rect = new cv.Rect(x, y, Math.min(side, base.cols - x), Math.min(side, base.rows - y));
        scope.own(aligned.roi(rect)).copyTo(scope.own(result.roi(rect)));
      }
    }
  }
  return result;
}
