import { z } from 'zod';
import { maxKernelSide } from '../limits.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { cv } from '../vision/opencv.ts';

const row = z.array(z.number().min(-1e6).max(1e6)).min(1).max(maxKernelSide);

/** Correlation with a kernel of one's own (OpenCV `filter2D`). Use it where no named filter fits. */
export const customKernel = defineOperation({
  name: 'custom-kernel',
  title: 'Custom kernel',
  group: 'filter',
  summary: 'Filters with a kernel of your own, for everything that has no name here.',
  source: 'OpenCV filter2D (correlation: the kernel is not mirrored)',
  maxDepth: 16,
  params: z.strictObject({
    kernel: z
      .array(row)
      .min(1)
      .max(maxKernelSide)
      .refine(isOddRectangle, { error: 'must have rows of equal length, odd in both directions' })
      .default([
        [0, -1, 0],
        [-1, 5, -1],
        [0, -1, 0],
      ])
      .describe('rows of weights; as many in each row, odd in both directions'),
    divisor: z
      .number()
      .min(1e-6)
      .max(1e9)
      .optional()
      .describe('what the sum is divided by; without it, the sum of the weights, or 1 where that is 0'),
    offset: z.number().min(-65535).max(65535).default(0).describe('added to each sample'),
  }),
  halo: ({ kernel }) => kernel.length,
  run({ image, scope }, { kernel, divisor, offset }) {
    const [rows, cols] = [kernel.length, kernel[0].length];
    const weights = kernel.flat();
    const sum = weights.reduce((a, b) => a + b, 0);
    const scale = 1 / (divisor ?? (Math.abs(sum) < 1e-9 ? 1 : sum));
    const matrix = scope.own(
      cv.matFromArray(
        rows,
        cols,
        cv.CV_32FC1,
        weights.map((weight) => weight * scale),
      ),
    );
    const filtered = scope.mat();
    cv.filter2D(image, filtered, -1, matrix, new cv.Point(-1, -1), offset);
    return { image: filtered };
  },
});

function isOddRectangle(kernel: readonly (readonly number[])[]): boolean {
  return (
    kernel.length % 2 === 1 && kernel[0].length % 2 === 1 && kernel.every(({ length }) => length === kernel[0].length)
  );
}
