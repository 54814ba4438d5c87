import type { SampleValues } from '../vision/object-table.ts';

/** Values that samples cannot hold are spread over them by their own range. */
export interface ValueRange {
  min: number;
  max: number;
}

export function emptyRange(): ValueRange {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
}

/** Makes the range hold the value. What is not finite is left out. */
export function extend(range: ValueRange, value: number): void {
  if (!Number.isFinite(value)) return;
  if (value < range.min) range.min = value;
  if (value > range.max) range.max = value;
}

/**
 * From a value to a sample of `depth` bits: the minimum becomes 0 and the maximum the largest sample, or the other way round if `inverted`;
 * what is no number becomes 0.
 */
export function spread({ min, max }: ValueRange, depth: 8 | 16, inverted = false): (value: number) => number {
  const top = 2 ** depth - 1;
  const range = max - min;
  const sample = (value: number) => Math.min(top, Math.max(0, Math.round(((value - min) * top) / range)));
  if (range <= 0) return () => 0;
  return (value) => (inverted ? top - sample(value) : sample(value)) || 0;
}

/** The values that 16-bit samples made by `spread` stand for. */
export function spreadValues({ min, max }: ValueRange, inverted: boolean): SampleValues {
  const factor = (max - min || 1) / 65_535;
  return inverted ? { offset: max, factor: -factor } : { offset: min, factor };
}

export function samplesOf(count: number, depth: 8 | 16): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  return depth === 16 ? new Uint16Array(count) : new Uint8ClampedArray(count);
}
