import { z } from 'zod';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import { defineOperation } from './operation.ts';

/** Self-guided filter (He, Sun & Tang 2013), per channel. Use it against sensor noise: flat areas are smoothed, edges stay, at a cost that does not grow with the radius. */
export const denoise = defineOperation({
  name: 'denoise',
  title: 'Denoise',
  group: 'filter',
  summary: 'Takes noise out of flat areas and leaves edges alone.',
  source: 'K. He, J. Sun & X. Tang, Guided Image Filtering, 2013',
  params: z.strictObject({
    radius: z.int().min(1).max(50).default(4).describe('half the side of the neighborhood').meta({ unit: 'px' }),
    strength: z
      .number()
      .min(1)
      .max(100)
      .default(12)
      .describe('standard deviation, in gray values, below which variation counts as noise'),
  }),
  run({ image, scope }, { radius, strength }) {
    const planes = scope.own(new cv.MatVector());
    cv.split(image, planes);
    const filtered = scope.own(new cv.MatVector());
    for (let c = 0; c < image.channels(); c++) {
      using planeScope = new Scope();
      filtered.push_back(guidedFilter(planeScope.own(planes.get(c)), radius, strength ** 2, planeScope));
    }
    const result = scope.mat();
    cv.merge(filtered, result);
    return { image: result };
  },
});

/** q = mean(a) · I + mean(b), where a = var / (var + ε) and b = (1 - a) · mean in each window. */
function guidedFilter(plane: Mat, radius: number, epsilon: number, scope: Scope): Mat {
  const size = new cv.Size(2 * radius + 1, 2 * radius + 1);
  const samples = scope.mat();
  plane.convertTo(samples, cv.CV_32F);
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
  a.convertTo(result, cv.CV_8U);
  return result;
}
