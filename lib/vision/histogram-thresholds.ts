/** Thresholds from the histogram of 8-bit samples. Values above the threshold are the brighter class, as in OpenCV and scikit-image. */

/** The first and the last value that occurs. */
function rangeOf(counts: Uint32Array): [first: number, last: number] {
  const first = counts.findIndex((count) => count > 0);
  return [first, counts.findLastIndex((count) => count > 0)];
}

/**
 * Minimum cross entropy (C. Li & P. Tam, An iterative algorithm for minimum cross entropy thresholding, 1998), as scikit-image's
 * `threshold_li`: not a whole number.
 */
export function liThreshold(counts: Uint32Array): number {
  const [first, last] = rangeOf(counts);
  if (first === last) return first;
  // Above the least value, as a logarithm has no zero.
  let [next, current] = [meanOf(counts, first, last) - first, Number.NEGATIVE_INFINITY];
  while (Math.abs(next - current) > 0.5) {
    current = next;
    const middle = first + Math.floor(current);
    const back = meanOf(counts, first, middle) - first;
    const fore = meanOf(counts, middle + 1, last) - first;
    if (back === 0) break;
    next = (back - fore) / (Math.log(back) - Math.log(fore));
  }
  return next + first;
}

function meanOf(counts: Uint32Array, from: number, to: number): number {
  let [count, sum] = [0, 0];
  for (let value = from; value <= to; value++) {
    count += counts[value];
    sum += value * counts[value];
  }
  return sum / count;
}

/** Maximum correlation (J. Yen, F. Chang & S. Chang, A new criterion for automatic multilevel thresholding, 1995), as `threshold_yen`. */
export function yenThreshold(counts: Uint32Array): number {
  const [first, last] = rangeOf(counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = Array.from(counts.subarray(first, last + 1), (count) => count / total);
  const squaresAbove = new Float64Array(shares.length + 1);
  for (let i = shares.length - 1; i >= 0; i--) squaresAbove[i] = squaresAbove[i + 1] + shares[i] ** 2;
  let [best, threshold, below, squaresBelow] = [Number.NEGATIVE_INFINITY, first, 0, 0];
  for (let i = 0; i < shares.length - 1; i++) {
    below += shares[i];
    squaresBelow += shares[i] ** 2;
    const criterion = Math.log((below * (1 - below)) ** 2 / (squaresBelow * squaresAbove[i + 1]));
    if (criterion > best) [best, threshold] = [criterion, first + i];
  }
  return threshold;
}

/**
 * The thresholds between `classes` classes with the greatest variance between them (P. Liao, T. Chen & P. Chung, A fast algorithm
 * for multilevel thresholding, 2001), as `threshold_multiotsu`; fewer where there are fewer values. O(classes · 256²).
 */
export function multiOtsuThresholds(counts: Uint32Array, classes: number): number[] {
  const [first, last] = rangeOf(counts);
  const values = last - first + 1;
  const used = Math.min(
    classes,
    counts.reduce((sum, count) => sum + Number(count > 0), 0),
  );
  const weight = new Float64Array(values + 1);
  const moment = new Float64Array(values + 1);
  for (let i = 0; i < values; i++) {
    weight[i + 1] = weight[i] + counts[first + i];
    moment[i + 1] = moment[i] + (i + 1) * counts[first + i];
  }
  /** What a class of the values from…to - 1 adds to the variance between classes. */
  const gain = (from: number, to: number) => {
    const count = weight[to] - weight[from];
    return count === 0 ? 0 : (moment[to] - moment[from]) ** 2 / count;
  };
  // best[k][i]: the most that k + 1 classes of the first i values add up to; cut: where the last of them begins.
  let best = Float64Array.from({ length: values + 1 }, (_, i) => gain(0, i));
  const cuts: Int32Array[] = [];
  for (let k = 1; k < used; k++) {
    const next = new Float64Array(values + 1).fill(Number.NEGATIVE_INFINITY);
    const cut = new Int32Array(values + 1);
    for (let i = k + 1; i <= values; i++)
      for (let from = k; from < i; from++) {
        const sum = best[from] + gain(from, i);
        if (sum > next[i]) [next[i], cut[i]] = [sum, from];
      }
    best = next;
    cuts.push(cut);
  }
  const thresholds: number[] = [];
  for (let k = cuts.length - 1, end = values; k >= 0; k--) {
    end = cuts[k][end];
    thresholds.unshift(first + end - 1);
  }
  return thresholds;
}
