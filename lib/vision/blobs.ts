/** Bright spots by the Laplacian of Gaussians over scales (T. Lindeberg, Feature detection with automatic scale selection, 1998). */
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface Spot {
  x: number;
  y: number;
  diameter: number;
  /** How much brighter it is than what is around it, in samples: exact for a disc. */
  contrast: number;
}

export interface SpotOptions {
  minDiameter: number;
  maxDiameter: number;
  contrast: number;
}

/** From one scale to the next. */
const scaleStep = 2 ** (1 / 3);
/** Spots are sought at a resolution at which the smallest has this scale, in pixels. */
const leastSigma = 2;
/** A disc's diameter over the scale at which it answers most: r = √2 σ. */
const diameterOfSigma = 2 * Math.SQRT2;
/** What a disc of contrast 1 answers at its own scale. */
const discResponse = 2 / Math.E;

/** The spots of a gray image between two diameters in pixels, the one of most contrast first. */
export function findSpots(gray: Mat, { minDiameter, maxDiameter, contrast }: SpotOptions): Spot[] {
  using scope = new Scope();
  const reduction = Math.max(1, minDiameter / diameterOfSigma / leastSigma);
  const work = reduced(gray, reduction, scope);
  const scales = scalesOf(minDiameter / diameterOfSigma / reduction, maxDiameter / diameterOfSigma / reduction);
  const { rows, cols } = work;
  const candidates: Spot[] = [];
  let planes: Float32Array[] = [];
  // Three neighbors at a time: the first and the last scale are there to compare with.
  for (const [index, sigma] of scales.entries()) {
    planes = [...planes.slice(-2), response(work, sigma)];
    if (planes.length < 3) continue;
    const [xScale, yScale] = [gray.cols / cols, gray.rows / rows];
    for (const { x, y, value } of peaks(planes, rows, cols, contrast * discResponse))
      candidates.push({
        x: (x + 0.5) * xScale - 0.5,
        y: (y + 0.5) * yScale - 0.5,
        diameter: scales[index - 1] * diameterOfSigma * reduction,
        contrast: value / discResponse,
      });
  }
  return withoutOverlaps(candidates.sort((a, b) => b.contrast - a.contrast));
}

function scalesOf(least: number, most: number): number[] {
  const steps = Math.max(0, Math.round(Math.log(most / least) / Math.log(scaleStep)));
  return Array.from({ length: steps + 3 }, (_, i) => least * scaleStep ** (i - 1));
}

function reduced(gray: Mat, reduction: number, scope: Scope): Mat {
  if (reduction === 1) return gray;
  const size = (side: number) => Math.max(1, Math.round(side / reduction));
  const small = scope.mat();
  cv.resize(gray, small, new cv.Size(size(gray.cols), size(gray.rows)), 0, 0, cv.INTER_AREA);
  return small;
}

/** -σ² times the Laplacian of the image smoothed by σ, in gray values. */
function response(gray: Mat, sigma: number): Float32Array {
  using scope = new Scope();
  const reach = Math.ceil(4 * sigma);
  const at = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const bell = at.map((x) => Math.exp((-x * x) / (2 * sigma * sigma)));
  const total = bell.reduce((sum, weight) => sum + weight, 0);
  const smooth = bell.map((weight) => weight / total);
  const curve = at.map((x, i) => (1 - (x * x) / (sigma * sigma)) * smooth[i]);
  // Without an answer to plain gray.
  const rest = curve.reduce((sum, weight) => sum + weight, 0) / curve.length;
  const column = (weights: number[]) => scope.own(cv.matFromArray(weights.length, 1, cv.CV_32FC1, weights));
  const [g, gxx] = [column(smooth), column(curve.map((weight) => weight - rest))];
  const along = scope.mat();
  const across = scope.mat();
  cv.sepFilter2D(gray, along, cv.CV_32F, gxx, g, new cv.Point(-1, -1), 0, cv.BORDER_REFLECT);
  cv.sepFilter2D(gray, across, cv.CV_32F, g, gxx, new cv.Point(-1, -1), 0, cv.BORDER_REFLECT);
  cv.add(along, across, along);
  return (along.data32F as Float32Array).slice();
}

/** Pixels of the middle plane that exceed all 26 neighbors, with their places to a part of a pixel. */
function peaks([lower, here, upper]: Float32Array[], rows: number, cols: number, least: number) {
  const found: { x: number; y: number; value: number }[] = [];
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < cols; x++) {
      const i = y * cols + x;
      const value = here[i];
      if (value < least || value <= lower[i] || value < upper[i]) continue;
      if (!isPeak(x, y, value)) continue;
      found.push({
        x: x + (x > 0 && x < cols - 1 ? vertex(here[i - 1], value, here[i + 1]) : 0),
        y: y + (y > 0 && y < rows - 1 ? vertex(here[i - cols], value, here[i + cols]) : 0),
        value,
      });
    }
  return found;

  function isPeak(x: number, y: number, value: number): boolean {
    for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++)
      for (let nx = Math.max(0, x - 1); nx <= Math.min(cols - 1, x + 1); nx++) {
        const n = ny * cols + nx;
        if (n === y * cols + x) continue;
        // Of two equal neighbors the first is the peak.
        const isBefore = n < y * cols + x;
        if (isBefore ? here[n] >= value : here[n] > value) return false;
        if (lower[n] > value || upper[n] > value) return false;
      }
    return true;
  }
}

/** Where a parabola through three neighbors has its vertex, from the middle one. */
function vertex(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0;
}

/** Leaves out spots whose middle lies in one of more contrast. O(spots) by a grid of cells as wide as the largest spot. */
function withoutOverlaps(spots: Spot[]): Spot[] {
  const cell = spots.reduce((most, { diameter }) => Math.max(most, diameter), 1);
  const grid = new Map<string, Spot[]>();
  return spots.filter((spot) => {
    const [column, row] = [Math.floor(spot.x / cell), Math.floor(spot.y / cell)];
    for (let r = row - 1; r <= row + 1; r++)
      for (let c = column - 1; c <= column + 1; c++)
        for (const other of grid.get(`${c} ${r}`) ?? [])
          if (Math.hypot(other.x - spot.x, other.y - spot.y) < Math.max(other.diameter, spot.diameter) / 2)
            return false;
    const key = `${column} ${row}`;
    grid.set(key, [...(grid.get(key) ?? []), spot]);
    return true;
  });
}
