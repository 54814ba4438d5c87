/** Automatic segmentation of objects that may touch, at the resolution that their size asks for. */
import { depthBasins } from './depth-basins.ts';
import { enlargeLabels } from './enlarge-labels.ts';
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
  const labels = enlargeLabels(kept.labels, work, mask, gray, outer);
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
