/**
 * The one table of measures of all operations that find objects, from a label image. The definitions are those of scikit-image's
 * `regionprops` (0.19), with angles in degrees, counter-clockwise from the x axis.
 */
import { convexHull, feretDiameters, hullRows } from './convex-hull.ts';
import type { LabelRuns } from './label-runs.ts';

export interface Intensity {
  mean: number;
  /** Standard deviation of the object's pixels. */
  sd: number;
  min: number;
  max: number;
  median: number;
  sum: number;
}

export interface MeasuredObject {
  /** The object's number in the label image. */
  id: number;
  /** Number of pixels. */
  area: number;
  /** By Crofton's formula in four directions. */
  perimeter: number;
  centroid: { x: number; y: number };
  box: { x: number; y: number; width: number; height: number };
  /** Axes of the ellipse with the same second moments. */
  majorAxis: number;
  minorAxis: number;
  /** Of the major axis, in degrees, counter-clockwise from the x axis: at least 0, less than 180. */
  orientation: number;
  /** Of that ellipse: 0 for a circle, towards 1 for a line. */
  eccentricity: number;
  /** Area over the area of the convex hull. */
  solidity: number;
  /** 4π · area / perimeter²: 1 for a disc. */
  circularity: number;
  feretMax: number;
  feretMin: number;
  /** Diameter of the disc of the same area. */
  equivalentDiameter: number;
  /** 1 less the number of holes; pixels that share a corner are connected. */
  eulerNumber: number;
  touchesBorder: boolean;
  /** Of each channel. */
  intensity?: Record<string, Intensity>;
}

/** The values of a file that its samples stand for: `offset + factor · sample`, in Hounsfield units for CT. */
export interface SampleValues {
  offset: number;
  factor: number;
}

/** The samples of a channel, one for each pixel of the label image. */
export interface Channel {
  name: string;
  samples: ArrayLike<number>;
  /** Where the first pixel's sample is, and how far apart samples are. */
  offset?: number;
  stride?: number;
  values?: SampleValues;
}

/** Figures are rounded to this part of a pixel or gray value: more are noise, and long to read. */
const precision = 1e4;
/** Of values that were spread over 16 bits. */
const significantDigits = 8;

/** Numbers of a run: the label, where it begins in the image, and its length. */
const runNumbers = 3;

/** The runs of one object, in the order of rows. */
type Runs = Int32Array;

/**
 * Measures the objects 1…count of a label image of `rows` × `cols`, given as runs; labels above `count` do not count. Objects without a pixel are not listed.
 * Lengths are in pixels.
 */
export function measureObjects(
  { runs, perimeters, eulerNumbers }: LabelRuns,
  rows: number,
  cols: number,
  count: number,
  channels: readonly Channel[] = [],
): MeasuredObject[] {
  const { starts, ordered } = runsByLabel(runs, count);
  const objects: MeasuredObject[] = [];
  for (let id = 1; id <= count; id++) {
    const own = ordered.subarray(runNumbers * starts[id], runNumbers * starts[id + 1]);
    if (own.length === 0) continue;
    const shape = shapeOf(own, rows, cols, perimeters[id]);
    const intensity = channels.map((channel) => [channel.name, intensityOf(own, shape.area, channel)]);
    objects.push({
      id,
      ...shape,
      eulerNumber: eulerNumbers[id],
      ...(channels.length > 0 && { intensity: Object.fromEntries(intensity) }),
    });
  }
  return objects;
}

/** The runs of `id` stand from `starts[id]` to `starts[id + 1]`. */
function runsByLabel(runs: Runs, count: number) {
  const starts = new Uint32Array(count + 2);
  for (let k = 0; k < runs.length; k += runNumbers) if (runs[k] <= count) starts[runs[k] + 1]++;
  for (let id = 1; id < starts.length; id++) starts[id] += starts[id - 1];
  const ordered = new Int32Array(runNumbers * starts[count + 1]);
  const next = starts.slice();
  for (let k = 0; k < runs.length; k += runNumbers) {
    if (runs[k] > count) continue;
    const at = runNumbers * next[runs[k]]++;
    for (let i = 0; i < runNumbers; i++) ordered[at + i] = runs[k + i];
  }
  return { starts, ordered };
}

function shapeOf(own: Runs, rows: number, cols: number, perimeter: number) {
  const top = Math.floor(own[1] / cols);
  const bottom = Math.floor(own[own.length - runNumbers + 1] / cols);
  let [left, right] = [cols, -1];
  for (let k = 0; k < own.length; k += runNumbers) {
    const x = own[k + 1] % cols;
    left = Math.min(left, x);
    right = Math.max(right, x + own[k + 2] - 1);
  }
  const { area, sumX, sumY, xx, yy, xy } = momentsOf(own, cols, left, top);
  const spread = Math.sqrt(4 * xy ** 2 + (xx - yy) ** 2);
  const greater = (xx + yy + spread) / 2;
  const lesser = Math.max(0, (xx + yy - spread) / 2);
  const [width, height] = [right - left + 1, bottom - top + 1];
  const { convexArea, feret } = hullOf(own, cols, { left, top, width, height });
  return {
    area,
    perimeter: rounded(perimeter),
    centroid: { x: rounded((left * area + sumX) / area), y: rounded((top * area + sumY) / area) },
    box: { x: left, y: top, width, height },
    majorAxis: rounded(4 * Math.sqrt(greater)),
    minorAxis: rounded(4 * Math.sqrt(lesser)),
    orientation: rounded((180 - (Math.atan2(2 * xy, xx - yy) * 90) / Math.PI) % 180) % 180,
    eccentricity: rounded(greater === 0 ? 0 : Math.sqrt(Math.max(0, 1 - lesser / greater))),
    solidity: rounded(area / convexArea),
    circularity: rounded((4 * Math.PI * area) / perimeter ** 2),
    feretMax: rounded(feret.max),
    feretMin: rounded(feret.min),
    equivalentDiameter: rounded(Math.sqrt((4 * area) / Math.PI)),
    touchesBorder: left === 0 || top === 0 || right === cols - 1 || bottom === rows - 1,
  };
}

/** Sums of the pixels' places from `left` and `top` on, and their variances. The sums are whole numbers, and exact. */
function momentsOf(own: Runs, cols: number, left: number, top: number) {
  let [area, sumX, sumY, sumXx, sumYy, sumXy] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < own.length; k += runNumbers) {
    const length = own[k + 2];
    const y = Math.floor(own[k + 1] / cols) - top;
    const x = (own[k + 1] % cols) - left;
    const steps = (length * (length - 1)) / 2;
    const runX = length * x + steps;
    area += length;
    sumX += runX;
    sumY += length * y;
    sumXx += length * x * x + 2 * x * steps + (steps * (2 * length - 1)) / 3;
    sumYy += length * y * y;
    sumXy += runX * y;
  }
  return {
    area,
    sumX,
    sumY,
    xx: (sumXx - (sumX * sumX) / area) / area,
    yy: (sumYy - (sumY * sumY) / area) / area,
    xy: (sumXy - (sumX * sumY) / area) / area,
  };
}

/** The hull around the middles of the pixels' edges: its area in pixels whose center it holds, and the diameters of those. */
function hullOf(own: Runs, cols: number, box: { left: number; top: number; width: number; height: number }) {
  const { left, top, width, height } = box;
  const first = new Int32Array(height).fill(left + width);
  const last = new Int32Array(height).fill(-1);
  for (let k = 0; k < own.length; k += runNumbers) {
    const row = Math.floor(own[k + 1] / cols) - top;
    const x = own[k + 1] % cols;
    first[row] = Math.min(first[row], x);
    last[row] = Math.max(last[row], x + own[k + 2] - 1);
  }
  const hull = convexHull(edgeMiddles(first, last, box));
  const rows = hullRows(hull, top, height);
  let convexArea = 0;
  for (let row = 0; row < height; row++) convexArea += Math.max(0, rows.last[row] - rows.first[row] + 1);
  return { convexArea, feret: feretDiameters(convexHull(edgeMiddles(rows.first, rows.last, box))) };
}

/** The middles of the outer edges of pixels that are given row by row. */
function edgeMiddles(
  first: Int32Array,
  last: Int32Array,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): Float64Array {
  const highest = new Int32Array(width).fill(-1);
  const lowest = new Int32Array(width).fill(-1);
  const points: number[] = [];
  for (let row = 0; row < height; row++) {
    if (last[row] < first[row]) continue;
    points.push(first[row] - 0.5, top + row, last[row] + 0.5, top + row);
    // Only the ends of a row can be corners of the hull.
    for (const x of [first[row], last[row]]) {
      if (highest[x - left] < 0) highest[x - left] = row;
      lowest[x - left] = row;
    }
  }
  for (let column = 0; column < width; column++) {
    if (highest[column] < 0) continue;
    points.push(left + column, top + highest[column] - 0.5, left + column, top + lowest[column] + 0.5);
  }
  return Float64Array.from(points);
}

function intensityOf(own: Runs, area: number, channel: Channel): Intensity {
  const { samples, values: meaning } = channel;
  const levels = samples instanceof Uint8Array ? 256 : samples instanceof Uint16Array ? 65_536 : 0;
  // Counting takes a time of its own for all levels, which few pixels are not worth.
  const { sum, squares, least, greatest, middle } =
    levels > 0 && area * 16 >= levels ? counted(own, area, channel, levels) : sorted(own, area, channel);
  const { offset, factor } = meaning ?? { offset: 0, factor: 1 };
  const meant = (sample: number) => offset + factor * sample;
  // Spread values may be far below one, or far above.
  const said = Math.abs(factor) === 1 ? rounded : (value: number) => Number(value.toPrecision(significantDigits));
  const ends = [meant(least), meant(greatest)].map(said);
  const mean = meant(sum / area);
  return {
    mean: said(mean),
    sd: said(Math.sqrt(squares / area) * Math.abs(factor)),
    min: Math.min(...ends),
    max: Math.max(...ends),
    median: said(meant(middle)),
    sum: said(mean * area),
  };
}

/** Of samples: their sum, the sum of squares about the mean, and the least, the greatest and the middle one. */
interface Distribution {
  sum: number;
  squares: number;
  least: number;
  greatest: number;
  middle: number;
}

function counted(own: Runs, area: number, channel: Channel, levels: number): Distribution {
  const counts = new Uint32Array(levels);
  const { samples, offset = 0, stride = 1 } = channel;
  for (let k = 0; k < own.length; k += runNumbers) {
    const start = own[k + 1] * stride + offset;
    const end = start + own[k + 2] * stride;
    for (let p = start; p < end; p += stride) counts[samples[p]]++;
  }
  let sum = 0;
  let least = levels;
  let greatest = 0;
  for (let level = 0; level < levels; level++) {
    if (counts[level] === 0) continue;
    sum += counts[level] * level;
    if (level < least) least = level;
    greatest = level;
  }
  const mean = sum / area;
  let squares = 0;
  for (let level = least; level <= greatest; level++) squares += counts[level] * (level - mean) ** 2;
  const nth = (n: number) => {
    let level = least;
    for (let seen = counts[level]; seen <= n; seen += counts[level]) level++;
    return level;
  };
  const middle = (area - 1) / 2;
  return { sum, squares, least, greatest, middle: (nth(Math.floor(middle)) + nth(Math.ceil(middle))) / 2 };
}

function sorted(own: Runs, area: number, { samples, offset = 0, stride = 1 }: Channel): Distribution {
  const values = new Float64Array(area);
  let at = 0;
  for (let k = 0; k < own.length; k += runNumbers)
    for (let i = own[k + 1]; i < own[k + 1] + own[k + 2]; i++) values[at++] = samples[i * stride + offset];
  const sum = values.reduce((total, value) => total + value, 0);
  const mean = sum / area;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  values.sort();
  const middle = (area - 1) / 2;
  return {
    sum,
    squares,
    least: values[0],
    greatest: values[area - 1],
    middle: (values[Math.floor(middle)] + values[Math.ceil(middle)]) / 2,
  };
}

function rounded(value: number): number {
  return Math.round(value * precision) / precision;
}
