/**
 * A smooth curve through points of rising x that rises or falls only where the points do (F. Fritsch & R. Carlson, "Monotone piecewise cubic
 * interpolation", SIAM J. Numer. Anal. 17, 1980; tangents by harmonic means, Fritsch & Butland 1984). Level before the first and after the last point.
 */
export function monotoneCurve(points: readonly (readonly [x: number, y: number])[]): (x: number) => number {
  const widths = points.slice(1).map(([x], i) => x - points[i][0]);
  const slopes = points.slice(1).map(([, y], i) => (y - points[i][1]) / widths[i]);
  const tangents = points.map((_, i) => {
    if (i === 0) return slopes[0];
    if (i === slopes.length) return slopes[i - 1];
    const [before, after] = [slopes[i - 1], slopes[i]];
    if (before * after <= 0) return 0;
    const [a, b] = [2 * widths[i] + widths[i - 1], widths[i] + 2 * widths[i - 1]];
    return (a + b) / (a / before + b / after);
  });
  const last = points.length - 1;
  return (x) => {
    if (x <= points[0][0]) return points[0][1];
    if (x >= points[last][0]) return points[last][1];
    const i = points.findIndex(([right], k) => k > 0 && x <= right) - 1;
    const [h, t] = [widths[i], (x - points[i][0]) / widths[i]];
    return (
      points[i][1] * (1 + 2 * t) * (1 - t) ** 2 +
      h * tangents[i] * t * (1 - t) ** 2 +
      points[i + 1][1] * t * t * (3 - 2 * t) -
      h * tangents[i + 1] * t * t * (1 - t)
    );
  };
}
