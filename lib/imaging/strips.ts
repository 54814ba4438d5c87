import { type Problem, problem } from '../problems.ts';
import type { Pixels } from './pixels.ts';
import { findOperation, type Step } from './steps.ts';

/** Images from this size on go through local operations in strips of so many pixels. */
const stripPixels = 16e6;

/** How many rows around a pixel can make a difference after all steps, or null where a step is not local. */
export function haloOf(steps: readonly Step[]): number | null {
  let rows = 0;
  for (const { operation: name, params } of steps) {
    const halo = findOperation(name).halo?.(params) ?? null;
    if (halo === null) return null;
    rows += halo;
  }
  return rows;
}

/** Throws `too-many-pixels` where the image is too large for a step that needs the whole of it. */
export function checkWhole(steps: readonly Step[], pixels: number): void {
  const step = steps.findIndex((step) => haloOf([step]) === null && pixels > findOperation(step.operation).maxPixels);
  if (step >= 0) throw tooLargeFor(step, steps[step].operation, pixels);
}

/** Says that a step was given a larger image than it takes. */
export function tooLargeFor(step: number, operation: string, pixels: number): Problem {
  const { maxPixels } = findOperation(operation);
  const detail = `${operation} takes at most ${maxPixels / 1e6} megapixels, but the image has ${(pixels / 1e6).toFixed(1)}.`;
  return problem('too-many-pixels', detail, { step, operation, maxPixels });
}

export type Samples = Omit<Pixels, 'format' | 'pages'>;

/** Of a result: label images may have 32 bits. */
export type ResultSamples = Omit<Samples, 'depth'> & { depth: Samples['depth'] | 32 };

/** Rows in a strip of this image; null where it goes through in one piece. */
export function stripRows({ width, height }: Samples, steps: readonly Step[]): number | null {
  if (width * height <= stripPixels || haloOf(steps) === null) return null;
  return Math.max(1, Math.floor(stripPixels / width));
}

/**
 * Runs `process` on overlapping strips of an image and puts their results together; the whole has the image's size.
 * `process` hands its result to `take`, after which it need not last.
 */
export function inStrips(
  image: Samples,
  halo: number,
  rows: number,
  process: (strip: Samples, take: (result: Samples) => void) => void,
): Samples {
  const stride = image.data.length / image.height;
  let whole: Samples | undefined;
  for (let top = 0; top < image.height; top += rows) {
    const bottom = Math.min(image.height, top + rows);
    const [from, to] = [Math.max(0, top - halo), Math.min(image.height, bottom + halo)];
    process({ ...image, data: image.data.subarray(from * stride, to * stride), height: to - from }, (result) => {
      const resultStride = result.data.length / result.height;
      whole ??= { ...result, data: Buffer.allocUnsafeSlow(resultStride * image.height), height: image.height };
      result.data.copy(whole.data, top * resultStride, (top - from) * resultStride, (bottom - from) * resultStride);
    });
  }
  return whole as Samples;
}
