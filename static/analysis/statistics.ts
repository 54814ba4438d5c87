/** Statistics of a measure over the images of a job. */

export interface Statistics {
  count: number;
  mean: number;
  /** Of a sample: n − 1. NaN for fewer than two values. */
  deviation: number;
  min: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  max: number;
  /** Values below the first, or above the second, are outliers: Tukey's fences, 1.5 interquartile ranges beyond the quartiles. */
  fences: [number, number];
}

/** Null where there is no value. */
export function statisticsOf(values: readonly number[]): Statistics | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  let mean = 0;
  for (const value of sorted) mean += value / count;
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  const [lowerQuartile, median, upperQuartile] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const reach = 1.5 * (upperQuartile - lowerQuartile);
  return {
    count,
    mean,
    deviation: Math.sqrt(squares / (count - 1)),
    min: sorted[0],
    lowerQuartile,
    median,
    upperQuartile,
    max: sorted[count - 1],
    fences: [lowerQuartile - reach, upperQuartile + reach],
  };
}

/** Between the two nearest values linearly, as R's default (type 7) and NumPy's. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const [a, b] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  return a + (b - a) * (place - below);
}

export function isOutlier(value: number | null, { fences: [low, high] }: Statistics): boolean {
  return value !== null && (value < low || value > high);
}

export interface Bins {
  /** Where each begins. */
  starts: number[];
  width: number;
  counts: number[];
}

const maxBins = 60;

/** As wide as Freedman and Diaconis (1981) have it; of whole numbers, a whole number wide. */
export function binsOf(values: readonly number[], { min, max, lowerQuartile, upperQuartile, count }: Statistics): Bins {
  const span = max - min;
  const wanted = (2 * (upperQuartile - lowerQuartile)) / Math.cbrt(count) || span / 10 || 1;
  let width = Math.max(wanted, span / maxBins);
  if (values.every(Number.isInteger)) width = Math.max(1, Math.round(width));
  const bins = Math.max(1, Math.floor(span / width) + 1);
  const counts = Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor((value - min) / width))]++;
  return { starts: counts.map((_, bin) => min + bin * width), width, counts };
}
