/** Automatic segmentation of objects that may touch, at the resolution that their size asks for. */
import { depthBasins } from './depth-basins.ts';
import { fillSmallHoles } from './fill-holes.ts';
import { type MaskOptions, type ObjectMask, objectMask } from './object-mask.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface SplitOptions extends MaskOptions {
  fillHoles: boolean;
  /** Objects part where the depth of the neck is less than this part of the depth of the smaller one. */
  neck: number;
  /** Objects smaller than this part of the usual object are left out. */
  minSize: number;
  /** Whether objects that touch the image's border are left out. */
  clearBorder: boolean;
}

export interface SplitObjects extends Pick<ObjectMask, 'threshold' | 'bright' | 'separation'> {
  /** CV_32S: objects 1…count, background 0. */
  labels: Mat;
  count: number;
  dropped: { small: number; border: number };
}

/** Objects are split at a resolution at which the usual one has this depth in pixels: more shows every dent of an outline. */
const usualDepth = 12;
/** The first look is at an image of this longer side, in pixels. */
const firstSide = 1024;
/** Objects of less depth in the first look are looked at in full. */
const leastDepth = 4;

/**
 * Finds the objects of an 8-bit gray image: illumination, threshold, small holes, then the basins of the distance map. The image is
 * reduced to the resolution at which the usual object is some pixels deep; the outlines are those of the threshold at full size.
 */
export function splitObjects(gray: Mat, options: SplitOptions, outer: Scope): SplitObjects {
  using scope = new Scope();
  const { work, mask } = atWorkingSize(gray, options, scope);
  if (options.fillHoles) fillSmallHoles(mask.mask);
  const depth = distanceIn(mask.mask, scope);
  const { rows, cols } = mask.mask;
  const basins = depthBasins(depth.data32F as Float32Array, rows, cols, options.neck);
  const kept = dropObjects(basins, rows, cols, options);
  const labels = enlarge(kept.labels, work, mask, gray, outer);
  const { threshold, bright, separation } = mask;
  return { labels, count: kept.count, dropped: kept.dropped, threshold, bright, separation };
}

function atWorkingSize(gray: Mat, options: SplitOptions, scope: Scope): { work: Mat; mask: ObjectMask } {
  const first = reduced(gray, firstSide / Math.max(gray.rows, gray.cols), scope);
  const mask = objectMask(first, options, scope);
  const depth = usualDepthOf(mask.mask);
  const scale = first.cols / gray.cols;
  const wanted = depth < leastDepth ? 1 : Math.min(1, (scale * usualDepth) / depth);
  // The first look will do where it is near enough.
  if (wanted / scale > 0.7 && (wanted / scale < 1.4 || scale === 1)) return { work: first, mask };
  const work = reduced(gray, wanted, scope);
  return { work, mask: objectMask(work, options, scope) };
}

/** The image at `scale` of its size; itself where that is 1 or more. */
function reduced(gray: Mat, scale: number, scope: Scope): Mat {
  if (scale >= 1) return gray;
  const size = new cv.Size(Math.max(1, Math.round(gray.cols * scale)), Math.max(1, Math.round(gray.rows * scale)));
  const small = scope.mat();
  cv.resize(gray, small, size, 0, 0, cv.INTER_AREA);
  return small;
}

function distanceIn(mask: Mat, scope: Scope): Mat {
  const distance = scope.mat();
  cv.distanceTransform(mask, distance, cv.DIST_L2, 5);
  return distance;
}

/** The depth of the object in which the middle pixel of all objects lies: specks have few pixels, and do not count. */
function usualDepthOf(mask: Mat): number {
  using scope = new Scope();
  const depth = distanceIn(mask, scope).data32F as Float32Array;
  const labels = scope.mat();
  const count = cv.connectedComponents(mask, labels, 8, cv.CV_32S);
  const label = labels.data32S as Int32Array;
  const greatest = new Float32Array(count);
  const area = new Float64Array(count);
  for (let i = 0; i < label.length; i++) {
    const l = label[i];
    if (l === 0) continue;
    area[l]++;
    if (depth[i] > greatest[l]) greatest[l] = depth[i];
  }
  return weightedMedian(greatest.subarray(1), area.subarray(1));
}

/** The value at which half of the weight is reached; 0 where there is none. */
function weightedMedian(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const total = order.reduce((sum, i) => sum + weights[i], 0);
  let sum = 0;
  for (const i of order) {
    sum += weights[i];
    if (sum >= total / 2) return values[i];
  }
  return 0;
}

/** Leaves out what is small beside the usual object and, where wanted, what touches the border. */
function dropObjects(
  { labels, count }: { labels: Int32Array; count: number },
  rows: number,
  cols: number,
  { minSize, clearBorder }: SplitOptions,
) {
  const area = new Float64Array(count + 1);
  const atBorder = new Uint8Array(count + 1);
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i++) {
      const l = labels[i];
      area[l]++;
      if (x === 0 || y === 0 || x === cols - 1 || y === rows - 1) atBorder[l] = 1;
    }
  }
  const least = minSize * weightedMedian(area.subarray(1), area.subarray(1));
  const numbers = new Int32Array(count + 1);
  const dropped = { small: 0, border: 0 };
  let kept = 0;
  for (let l = 1; l <= count; l++) {
    if (area[l] < least) dropped.small++;
    else if (clearBorder && atBorder[l]) dropped.border++;
    else numbers[l] = ++kept;
  }
  for (let i = 0; i < labels.length; i++) labels[i] = numbers[labels[i]];
  return { labels, count: kept, dropped };
}

/**
 * The labels at full size. Which object a pixel belongs to is interpolated among the four nearest of the reduced image; whether it
 * belongs to one is told by the threshold of the interpolated gray value, so that outlines are smooth.
 */
function enlarge(
  labels: Int32Array,
  work: Mat,
  { smooth, threshold, bright }: ObjectMask,
  gray: Mat,
  outer: Scope,
): Mat {
  const { rows, cols } = gray;
  const target = outer.mat(rows, cols, cv.CV_32SC1);
  if (work.rows === rows && work.cols === cols) {
    (target.data32S as Int32Array).set(labels);
    return target;
  }
  using scope = new Scope();
  const large = scope.mat();
  cv.resize(smooth, large, new cv.Size(cols, rows), 0, 0, cv.INTER_LINEAR);
  const value = large.data as Uint8Array;
  const output = target.data32S as Int32Array;
  const near = grown(labels, work.rows, work.cols);
  const across = neighbors(cols, work.cols);
  const down = neighbors(rows, work.rows);
  // Gray values that are an object's.
  const isObject = Uint8Array.from({ length: 256 }, (_, gray) => Number(gray > threshold === bright));
  for (let y = 0, i = 0; y < rows; y++) {
    const top = down.first[y] * work.cols;
    const bottom = down.second[y] * work.cols;
    const wy = down.weight[y];
    for (let x = 0; x < cols; x++, i++) {
      const left = across.first[x];
      const right = across.second[x];
      const l = near[top + left];
      const m = near[top + right];
      const n = near[bottom + left];
      const o = near[bottom + right];
      if ((l | m | n | o) === 0) {
        output[i] = 0;
        continue;
      }
      const inside =
        labels[top + left] !== 0 &&
        labels[top + right] !== 0 &&
        labels[bottom + left] !== 0 &&
        labels[bottom + right] !== 0;
      if (!inside && isObject[value[i]] === 0) output[i] = 0;
      else if (l === m && l === n && l === o) output[i] = l;
      else output[i] = heaviest(l, m, n, o, across.weight[x], wy);
    }
  }
  return target;
}

/** Of each of `size` samples: the two nearest of `reduced` samples, and the weight of the second. */
function neighbors(size: number, reduced: number) {
  const first = new Int32Array(size);
  const second = new Int32Array(size);
  const weight = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const at = Math.min(reduced - 1, Math.max(0, ((i + 0.5) * reduced) / size - 0.5));
    first[i] = Math.floor(at);
    second[i] = Math.min(reduced - 1, first[i] + 1);
    weight[i] = at - first[i];
  }
  return { first, second, weight };
}

/** The label other than 0 with the greatest bilinear weight. */
function heaviest(l: number, m: number, n: number, o: number, wx: number, wy: number): number {
  const wl = (1 - wx) * (1 - wy);
  const wm = wx * (1 - wy);
  const wn = (1 - wx) * wy;
  const wo = wx * wy;
  const total = (label: number) =>
    label === 0
      ? -1
      : (l === label ? wl : 0) + (m === label ? wm : 0) + (n === label ? wn : 0) + (o === label ? wo : 0);
  let best = l;
  if (total(m) > total(best)) best = m;
  if (total(n) > total(best)) best = n;
  if (total(o) > total(best)) best = o;
  return best;
}

/** Every background pixel beside an object with that object's label. */
function grown(labels: Int32Array, rows: number, cols: number): Int32Array {
  const near = labels.slice();
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < cols; x++, i++) {
      if (labels[i] !== 0) continue;
      near[i] =
        (x > 0 && labels[i - 1]) ||
        (x < cols - 1 && labels[i + 1]) ||
        (y > 0 && labels[i - cols]) ||
        (y < rows - 1 && labels[i + cols]) ||
        0;
    }
  }
  return near;
}
