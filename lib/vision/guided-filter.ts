import { type GrayScale, samplesPerGray } from './gray-scale.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/**
 * Self-guided filter (K. He, J. Sun & X. Tang, "Guided Image Filtering", 2013) of a plane: q = mean(a) · I + mean(b), where
 * a = var / (var + ε) and b = (1 - a) · mean in each window. `epsilon` is in gray values, squared.
 */
export function guidedFilter(plane: Mat, gray: GrayScale, radius: number, epsilon: number, scope: Scope): Mat {
  const size = new cv.Size(2 * radius + 1, 2 * radius + 1);
  const samples = scope.mat();
  const step = samplesPerGray(gray);
  plane.convertTo(samples, cv.CV_32F, 1 / step, -gray.black / step);
  const mean = scope.mat();
  cv.blur(samples, mean, size);
  const a = scope.mat();
  cv.multiply(samples, samples, a);
  cv.blur(a, a, size);
  const b = scope.mat();
  cv.multiply(mean, mean, b);
  cv.subtract(a, b, a);
  const variance = a.data32F as Float32Array;
  const means = mean.data32F as Float32Array;
  const offsets = b.data32F as Float32Array;
  for (let i = 0; i < variance.length; i++) {
    const v = Math.max(0, variance[i]);
    variance[i] = v / (v + epsilon);
    offsets[i] = (1 - variance[i]) * means[i];
  }
  cv.blur(a, a, size);
  cv.blur(b, b, size);
  cv.multiply(a, samples, a);
  cv.add(a, b, a);
  const result = scope.mat();
  a.convertTo(result, plane.depth(), step, gray.black);
  return result;
}
