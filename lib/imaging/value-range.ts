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

/** From a value to a sample of `depth` bits: the least becomes 0, the greatest the largest; what is no number, 0. */
export function spread({ min, max }: ValueRange, depth: 8 | 16): (value: number) => number {
  const top = 2 ** depth - 1;
  const range = max - min;
  return (value) => (range > 0 ? Math.min(top, Math.max(0, Math.round(((value - min) * top) / range))) || 0 : 0);
}

export function samplesOf(count: number, depth: 8 | 16): Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  return depth === 16 ? new Uint16Array(count) : new Uint8ClampedArray(count);
}
