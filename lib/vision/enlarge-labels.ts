/** Labels of a reduced image at full size. */
import type { Kernels } from '../kernels/load.ts';
import type { ObjectMask } from './object-mask.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/**
 * The labels at full size. Which object a pixel belongs to is interpolated among the four nearest of the reduced image; whether it
 * belongs to one is told by the threshold of the interpolated gray value, so that outlines are smooth.
 */
export function enlargeLabels(
  labels: Int32Array,
  work: Mat,
  { smooth, threshold, bright }: Pick<ObjectMask, 'smooth' | 'threshold' | 'bright'>,
  gray: Mat,
  outer: Scope,
  withKernels = true,
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
  const near = grown(labels, work.rows, work.cols);
  const across = neighbors(cols, work.cols);
  const down = neighbors(rows, work.rows);
  // Gray values that are an object's.
  const isObject = Uint8Array.from({ length: 256 }, (_, gray) => Number(gray > threshold === bright));
  if (kernels && withKernels) withKernel(kernels, { labels, near, across, down, isObject }, work, large, target);
  else inScript({ labels, near, across, down, isObject }, work, large, target);
  return target;
}

/** What labels at full size follow from. */
interface Reduced {
  labels: Int32Array;
  /** The objects grown by a pixel. */
  near: Int32Array;
  across: Neighbors;
  down: Neighbors;
  /** By gray value. */
  isObject: Uint8Array;
}

function withKernel(kernels: Kernels, reduced: Reduced, work: Mat, large: Mat, target: Mat): void {
  using scope = new Scope();
  const { labels, near, across, down, isObject } = reduced;
  const numbers = (values: Int32Array) => {
    const mat = scope.mat(1, values.length, cv.CV_32SC1);
    (mat.data32S as Int32Array).set(values);
    return addressOf(mat);
  };
  const floats = (values: Float32Array) => numbers(new Int32Array(values.buffer));
  const objects = scope.own(cv.matFromArray(1, isObject.length, cv.CV_8UC1, Array.from(isObject)));
  // The columns at which a new left neighbor begins.
  const starts = new Int32Array(work.cols + 1).fill(target.cols);
  for (let x = target.cols - 1; x >= 0; x--) starts.fill(x, 0, across.first[x] + 1);
  kernels.enlargeLabels(
    ...[numbers(labels), numbers(near), work.rows, work.cols, numbers(starts)],
    ...[floats(across.weight), numbers(down.first), floats(down.weight)],
    ...[addressOf(large), addressOf(objects), target.rows, target.cols, addressOf(target)],
  );
}

/** As `withKernel`, where there are none. */
function inScript({ labels, near, across, down, isObject }: Reduced, work: Mat, large: Mat, target: Mat): void {
  const { rows, cols } = target;
  const value = large.data as Uint8Array;
  const output = target.data32S as Int32Array;
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
}

/** Of each sample: the two nearest of the reduced ones, and the weight of the second. */
interface Neighbors {
  first: Int32Array;
  second: Int32Array;
  weight: Float32Array;
}

function neighbors(size: number, reduced: number): Neighbors {
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
