/**
 * The one table of measures of all operations that find objects, from a label image. The definitions are those of scikit-image's
 * `regionprops` (0.19), with angles in degrees, counter-clockwise from the x axis.
 */
import { convexHull, feretDiameters, hullRows } from './convex-hull.ts';

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
  boundingBox: { x: number; y: number; width: number; height: number };
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

/** What a 2 × 2 window adds to the perimeter (scikit-image `perimeter_crofton`, after Rivollier 2010); bits: 1 this, 2 above, 4 left, 8 both. */
const diagonal = Math.PI / (4 * Math.SQRT2);
const straight = Math.PI / 4;
const crofton = Float64Array.of(
  ...[0, straight + diagonal, diagonal, 2 * diagonal, 0, straight + diagonal, 0, diagonal],
  ...[straight, 2 * straight, diagonal, diagonal, straight, 2 * straight, 0, 0],
);
/** And to Euler's number, for 8-connected objects (Ohser et al. 2002). */
const euler = Int8Array.of(0, 0, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0, 0, -1, 0);

/** Figures are rounded to this part of a pixel or gray value: more are noise, and long to read. */
const precision = 1e4;

/**
 * Measures the objects 1…count of a label image of `rows` × `cols`; labels below 1 are background. Objects without a pixel are not
 * listed. Lengths are in pixels.
 */
export function measureObjects(
  labels: Int32Array,
  rows: number,
  cols: number,
  count: number,
  channels: readonly Channel[] = [],
): MeasuredObject[] {
  const { starts, pixels } = pixelsByLabel(labels, count);
  const { perimeters, eulerNumbers } = windows(labels, rows, cols, count);
  const objects: MeasuredObject[] = [];
  for (let id = 1; id <= count; id++) {
    const own = pixels.subarray(starts[id], starts[id + 1]);
    if (own.length === 0) continue;
    const shape = shapeOf(own, rows, cols, perimeters[id]);
    const intensity = channels.map((channel) => [channel.name, intensityOf(own, channel)]);
    objects.push({
      id,
      ...shape,
      eulerNumber: eulerNumbers[id],
      ...(channels.length > 0 && { intensity: Object.fromEntries(intensity) }),
    });
  }
  return objects;
}

/** The pixels of each object, in the order of rows: those of `id` from `starts[id]` to `starts[id + 1]`. */
function pixelsByLabel(labels: Int32Array, count: number) {
  const starts = new Uint32Array(count + 2);
  for (let i = 0; i < labels.length; i++) if (labels[i] > 0) starts[labels[i] + 1]++;
  for (let id = 1; id < starts.length; id++) starts[id] += starts[id - 1];
  const pixels = new Uint32Array(starts[count + 1]);
  const next = starts.slice();
  for (let i = 0; i < labels.length; i++) if (labels[i] > 0) pixels[next[labels[i]]++] = i;
  return { starts, pixels };
}

/** What is summed up over 2 × 2 windows. */
function windows(labels: Int32Array, rows: number, cols: number, count: number) {
  const perimeters = new Float64Array(count + 1);
  const eulerNumbers = new Int32Array(count + 1);
  const add = (label: number, upLeft: number, up: number, left: number, here: number) => {
    const code =
      (here === label ? 1 : 0) + (up === label ? 2 : 0) + (left === label ? 4 : 0) + (upLeft === label ? 8 : 0);
    perimeters[label] += crofton[code];
    eulerNumbers[label] += euler[code];
  };
  for (let y = 0; y <= rows; y++) {
    for (let x = 0; x <= cols; x++) {
      const i = y * cols + x;
      const here = x < cols && y < rows ? labels[i] : 0;
      const left = x > 0 && y < rows ? labels[i - 1] : 0;
      const up = x < cols && y > 0 ? labels[i - cols] : 0;
      const upLeft = x > 0 && y > 0 ? labels[i - cols - 1] : 0;
      // Inside an object, as most windows are, nothing is added.
      if (here === left && here === up && here === upLeft) continue;
      if (here > 0) add(here, upLeft, up, left, here);
      if (left > 0 && left !== here) add(left, upLeft, up, left, here);
      if (up > 0 && up !== here && up !== left) add(up, upLeft, up, left, here);
      if (upLeft > 0 && upLeft !== here && upLeft !== left && upLeft !== up) add(upLeft, upLeft, up, left, here);
    }
  }
  return { perimeters, eulerNumbers };
}

function shapeOf(own: Uint32Array, rows: number, cols: number, perimeter: number) {
  const area = own.length;
  const top = Math.floor(own[0] / cols);
  const bottom = Math.floor(own[area - 1] / cols);
  let [left, right, sumX, sumY] = [cols, -1, 0, 0];
  for (let k = 0; k < area; k++) {
    const x = own[k] % cols;
    sumX += x;
    sumY += Math.floor(own[k] / cols);
    if (x < left) left = x;
    if (x > right) right = x;
  }
  const centroid = { x: sumX / area, y: sumY / area };
  let [xx, yy, xy] = [0, 0, 0];
  for (let k = 0; k < area; k++) {
    const dx = (own[k] % cols) - centroid.x;
    const dy = Math.floor(own[k] / cols) - centroid.y;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  [xx, yy, xy] = [xx / area, yy / area, xy / area];
  const spread = Math.sqrt(4 * xy ** 2 + (xx - yy) ** 2);
  const greater = (xx + yy + spread) / 2;
  const lesser = Math.max(0, (xx + yy - spread) / 2);
  const [width, height] = [right - left + 1, bottom - top + 1];
  const { convexArea, feret } = hullOf(own, cols, { left, top, width, height });
  return {
    area,
    perimeter: rounded(perimeter),
    centroid: { x: rounded(centroid.x), y: rounded(centroid.y) },
    boundingBox: { x: left, y: top, width, height },
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

/** The hull around the middles of the pixels' edges: its area in pixels whose center it holds, and the diameters of those. */
function hullOf(own: Uint32Array, cols: number, box: { left: number; top: number; width: number; height: number }) {
  const { left, top, width, height } = box;
  const first = new Int32Array(height).fill(left + width);
  const last = new Int32Array(height).fill(-1);
  for (let k = 0; k < own.length; k++) {
    const row = Math.floor(own[k] / cols) - top;
    const x = own[k] % cols;
    if (x < first[row]) first[row] = x;
    if (x > last[row]) last[row] = x;
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

function intensityOf(own: Uint32Array, channel: Channel): Intensity {
  const { samples, values: meaning } = channel;
  const levels = samples instanceof Uint8Array ? 256 : samples instanceof Uint16Array ? 65_536 : 0;
  // Counting takes a time of its own for all levels, which few pixels are not worth.
  const { sum, squares, least, greatest, middle } =
    levels > 0 && own.length * 16 >= levels ? counted(own, channel, levels) : sorted(own, channel);
  const meant = (sample: number) => (meaning ? meaning.offset + meaning.factor * sample : sample);
  const ends = [meant(least), meant(greatest)];
  const mean = meant(sum / own.length);
  return {
    mean: rounded(mean),
    sd: rounded(Math.sqrt(squares / own.length) * Math.abs(meaning?.factor ?? 1)),
    min: Math.min(...ends),
    max: Math.max(...ends),
    median: meant(middle),
    sum: rounded(mean * own.length),
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

function counted(own: Uint32Array, { samples, offset = 0, stride = 1 }: Channel, levels: number): Distribution {
  const counts = new Uint32Array(levels);
  for (let k = 0; k < own.length; k++) counts[samples[own[k] * stride + offset]]++;
  let sum = 0;
  let least = levels;
  let greatest = 0;
  for (let level = 0; level < levels; level++) {
    if (counts[level] === 0) continue;
    sum += counts[level] * level;
    if (level < least) least = level;
    greatest = level;
  }
  const mean = sum / own.length;
  let squares = 0;
  for (let level = least; level <= greatest; level++) squares += counts[level] * (level - mean) ** 2;
  const nth = (n: number) => {
    let level = least;
    for (let seen = counts[level]; seen <= n; seen += counts[level]) level++;
    return level;
  };
  const middle = (own.length - 1) / 2;
  return { sum, squares, least, greatest, middle: (nth(Math.floor(middle)) + nth(Math.ceil(middle))) / 2 };
}

function sorted(own: Uint32Array, { samples, offset = 0, stride = 1 }: Channel): Distribution {
  const values = new Float64Array(own.length);
  let sum = 0;
  for (let k = 0; k < own.length; k++) {
    values[k] = samples[own[k] * stride + offset];
    sum += values[k];
  }
  const mean = sum / own.length;
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k] - mean) ** 2;
  values.sort();
  const middle = (values.length - 1) / 2;
  return {
    sum,
    squares,
    least: values[0],
    greatest: values[values.length - 1],
    middle: (values[Math.floor(middle)] + values[Math.ceil(middle)]) / 2,
  };
}

function rounded(value: number): number {
  return Math.round(value * precision) / precision;
}
