import { z } from 'zod';
import { cv, type Mat } from '../opencv.ts';
import { defineOperation } from './operation.ts';

const shapes = { rectangle: 'MORPH_RECT', ellipse: 'MORPH_ELLIPSE', cross: 'MORPH_CROSS' } as const;

interface Morphology {
  name: string;
  title: string;
  summary: string;
  /** Name of OpenCV's `MorphTypes` constant: constants have no value until OpenCV is loaded. */
  type:
    | 'MORPH_ERODE'
    | 'MORPH_DILATE'
    | 'MORPH_OPEN'
    | 'MORPH_CLOSE'
    | 'MORPH_GRADIENT'
    | 'MORPH_TOPHAT'
    | 'MORPH_BLACKHAT';
  kernelSize: number;
}

/** Declares an operation of mathematical morphology (Serra 1982; OpenCV `morphologyEx`) with a flat structuring element. */
export function defineMorphology({ name, title, summary, type, kernelSize }: Morphology) {
  return defineOperation({
    name,
    title,
    summary,
    group: 'morphology',
    source: `J. Serra, Image Analysis and Mathematical Morphology, 1982; OpenCV morphologyEx (${type})`,
    maxDepth: 16,
    keepsValues: ['MORPH_ERODE', 'MORPH_DILATE', 'MORPH_OPEN', 'MORPH_CLOSE'].includes(type),
    takesLabels: true,
    params: z.strictObject({
      shape: z.enum(['ellipse', 'rectangle', 'cross']).default('ellipse').describe('shape of the structuring element'),
      kernelSize: z.int().min(2).max(199).default(kernelSize).describe('its width and height').meta({ unit: 'px' }),
      iterations: z.int().min(1).max(50).default(1).describe('number of times the operation is applied'),
    }),
    // Opening and closing apply the element twice.
    halo: ({ kernelSize, iterations }) => 2 * kernelSize * iterations,
    run({ image, scope }, { shape, kernelSize, iterations }) {
      const element = scope.own(
        cv.getStructuringElement(cv[shapes[shape]] as never, new cv.Size(kernelSize, kernelSize)),
      );
      const result = scope.mat();
      const apply = (from: Mat) =>
        cv.morphologyEx(from, result, cv[type] as never, element, new cv.Point(-1, -1), iterations);
      if (image.elemSize1() < 4) {
        apply(image);
        return { image: result };
      }
      // Labels of 32 bits, which OpenCV filters as floating-point numbers only.
      const labels = scope.mat();
      image.convertTo(labels, cv.CV_64F);
      apply(labels);
      result.convertTo(labels, cv.CV_32S);
      return { image: labels };
    },
  });
}
