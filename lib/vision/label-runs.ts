/** Objects of a label image as runs of pixels, and what its 2 × 2 windows tell of them. */
import type { Kernels } from '../kernels/load.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface LabelRuns {
  /** Runs in the order of rows, three numbers each: the label, where the run begins in the image, and its length. */
  runs: Int32Array;
  /** By label, from 0 on. */
  perimeters: Float64Array;
  eulerNumbers: Int32Array;
}

/** What a 2 × 2 window adds to the perimeter (scikit-image `perimeter_crofton`, after Rivollier 2010); bits: 1 this, 2 above, 4 left, 8 both. */
const diagonal = Math.PI / (4 * Math.SQRT2);
const straight = Math.PI / 4;
const crofton = Float64Array.of(
  ...[0, straight + diagonal, diagonal, 2 * diagonal, 0, straight + diagonal, 0, diagonal],
  ...[straight, 2 * straight, diagonal, diagonal, straight, 2 * straight, 0, 0],
);
/** And to Euler's number, for 8-connected objects (Ohser et al. 2002). */
const euler = Int32Array.of(0, 0, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0, 0, 0, -1, 0);

/** Of the labels 1…count of an image (CV_32S). */
export function runsOf(labels: Mat, count: number): LabelRuns {
  return kernels
    ? withKernel(kernels, labels, count)
    : labelRuns(labels.data32S as Int32Array, labels.rows, labels.cols, count);
}

function withKernel(kernels: Kernels, labels: Mat, count: number): LabelRuns {
  using scope = new Scope();
  const { rows, cols } = labels;
  const at = addressOf(labels);
  const length = kernels.countLabelRuns(at, rows, cols);
  const list = scope.mat(1, Math.max(1, 3 * length), cv.CV_32SC1);
  kernels.labelRuns(at, rows, cols, addressOf(list));
  const runs = (list.data32S as Int32Array).slice(0, 3 * length);
  const weights = scope.own(cv.matFromArray(1, crofton.length, cv.CV_64FC1, Array.from(crofton)));
  const numbers = scope.own(cv.matFromArray(1, euler.length, cv.CV_32SC1, Array.from(euler)));
  const perimeters = scope.own(cv.Mat.zeros(1, count + 1, cv.CV_64FC1));
  const eulers = scope.own(cv.Mat.zeros(1, count + 1, cv.CV_32SC1));
  kernels.labelWindows(
    ...[at, rows, cols, count, addressOf(weights), addressOf(numbers)],
    ...[addressOf(perimeters), addressOf(eulers)],
  );
  return {
    runs,
    perimeters: (perimeters.data64F as Float64Array).slice(),
    eulerNumbers: (eulers.data32S as Int32Array).slice(),
  };
}

/** The same without a kernel, of labels anywhere. */
export function labelRuns(labels: Int32Array, rows: number, cols: number, count: number): LabelRuns {
  return { runs: allRuns(labels, rows, cols), ...windows(labels, rows, cols, count) };
}

function allRuns(labels: Int32Array, rows: number, cols: number): Int32Array {
  const runs: number[] = [];
  for (let y = 0, i = 0; y < rows; y++) {
    const end = (y + 1) * cols;
    while (i < end) {
      const label = labels[i];
      const start = i++;
      while (i < end && labels[i] === label) i++;
      if (label > 0) runs.push(label, start, i - start);
    }
  }
  return Int32Array.from(runs);
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
