import { z } from 'zod';
import { binarize, binaryParams } from '../vision/binary.ts';
import { canvasOf, toGray } from '../vision/channels.ts';
import { lineWidth } from '../vision/drawing.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import { defineOperation } from './operation.ts';

const maxListed = 10_000;

/** Shape of every object by image moments (Hu 1962), ellipse and convex hull. Use it for particle analysis and quality control. */
export const measureObjects = defineOperation({
  name: 'measure-objects',
  title: 'Measure objects',
  group: 'segmentation',
  summary:
    'A table of all objects: size, position, axes, orientation, how round and how convex each is, and its brightness.',
  source: 'M.-K. Hu, Visual pattern recognition by moment invariants, 1962; OpenCV moments, convexHull',
  params: z.strictObject({
    ...binaryParams,
    minArea: z.number().min(1).max(1e8).default(20).describe('smaller objects are left out').meta({ unit: 'px²' }),
    pixelSize: z
      .number()
      .min(1e-6)
      .max(1e6)
      .default(1)
      .describe('length of a pixel, for lengths and areas in your unit'),
  }),
  run({ image, scope }, { minArea, pixelSize, ...options }) {
    const { binary, threshold } = binarize(image, options, scope);
    const gray = toGray(image, scope);
    const outlines = scope.own(new cv.MatVector());
    cv.findContours(binary, outlines, scope.mat(), cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
    const canvas = canvasOf(image, scope);
    const objects: ReturnType<typeof measure>[] = [];
    for (let i = 0; i < outlines.size(); i++) {
      using own = new Scope();
      const contour = own.own(outlines.get(i));
      if (cv.contourArea(contour) < minArea) continue;
      objects.push(measure(contour, gray, pixelSize));
      cv.drawContours(canvas, outlines, i, new cv.Scalar(60, 220, 90), lineWidth(canvas));
    }
    objects.sort((a, b) => b.area - a.area);
    return { image: canvas, measurements: { count: objects.length, threshold, objects: objects.slice(0, maxListed) } };
  },
});

/** Axes and orientation are those of the ellipse with the same second moments; `orientation` in degrees, clockwise from the right. */
function measure(contour: Mat, gray: Mat, pixelSize: number) {
  using scope = new Scope();
  const m = cv.moments(contour);
  const area = m.m00;
  const [xx, yy, xy] = [m.mu20 / area, m.mu02 / area, m.mu11 / area];
  const spread = Math.sqrt(4 * xy ** 2 + (xx - yy) ** 2);
  const [major, minor] = [Math.sqrt(2 * (xx + yy + spread)), Math.sqrt(Math.max(0, 2 * (xx + yy - spread)))];
  const hull = scope.mat();
  cv.convexHull(contour, hull);
  const perimeter = cv.arcLength(contour, true);
  const { x, y, width, height } = cv.boundingRect(contour);
  return {
    area: area * pixelSize ** 2,
    perimeter: perimeter * pixelSize,
    centroid: { x: m.m10 / area, y: m.m01 / area },
    box: { x, y, width, height },
    majorAxis: 2 * major * pixelSize,
    minorAxis: 2 * minor * pixelSize,
    orientation: (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI,
    eccentricity: major === 0 ? 0 : Math.sqrt(Math.max(0, 1 - (minor / major) ** 2)),
    circularity: (4 * Math.PI * area) / perimeter ** 2,
    solidity: area / cv.contourArea(hull),
    meanIntensity: meanInside(contour, { x, y, width, height }, gray),
  };
}

function meanInside(
  contour: Mat,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  gray: Mat,
): number {
  using scope = new Scope();
  const mask = scope.own(cv.Mat.zeros(height, width, cv.CV_8UC1));
  const outline = scope.own(new cv.MatVector());
  outline.push_back(contour);
  const hierarchy = scope.mat();
  cv.drawContours(mask, outline, 0, new cv.Scalar(255), cv.FILLED, cv.LINE_8, hierarchy, 0, new cv.Point(-x, -y));
  const part = scope.own(gray.roi(new cv.Rect(x, y, width, height)));
  return (cv.mean(part, mask) as unknown as number[])[0];
}
