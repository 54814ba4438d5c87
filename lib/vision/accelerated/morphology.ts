import type { Point, Scalar } from '@techstark/opencv-js';
import { addressOf, type Mat } from '../opencv-types.ts';
import { type Accelerator, allocate, isPlain } from './accelerator.ts';

/** Where rows of elements are kept for the kernel, in 32-bit numbers each. */
const rowNumbers = 4;

/** An element whose rows are runs, as the kernel takes it. */
interface Runs {
  width: number;
  height: number;
  /** Four numbers for each row: where it begins, which length it has or -1, and two zeros. */
  rows: Int32Array;
  lengths: Int32Array;
}

/** With elements whose rows have no gaps, and the border of OpenCV's default, which does not count. False otherwise. */
export function fastErode(accelerator: Accelerator) {
  return fastFilter(accelerator, true);
}

export function fastDilate(accelerator: Accelerator) {
  return fastFilter(accelerator, false);
}

type Arguments = [anchor?: Point, iterations?: number, border?: number, value?: Scalar];

function fastFilter(accelerator: Accelerator, isLeast: boolean) {
  return (image: Mat, target: Mat, element: Mat, ...rest: Arguments): boolean => {
    const runs = runsIfDefault(accelerator, image, element, rest);
    if (!runs || !allocate(target, image.rows, image.cols, image.type())) return false;
    filter(accelerator, image, target, runs, isLeast, rest[1] ?? 1);
    return true;
  };
}

/** Opening, closing, gradient and hats from both filters, as OpenCV makes them. */
export function fastMorphologyEx(accelerator: Accelerator) {
  const { cv } = accelerator;
  return (image: Mat, target: Mat, operation: number, element: Mat, ...rest: Arguments): boolean => {
    const runs = runsIfDefault(accelerator, image, element, rest);
    if (!runs || !allocate(target, image.rows, image.cols, image.type())) return false;
    const iterations = rest[1] ?? 1;
    const least = (from: Mat, to: Mat) => filter(accelerator, from, to, runs, true, iterations);
    const greatest = (from: Mat, to: Mat) => filter(accelerator, from, to, runs, false, iterations);
    const [between, upper] = [new cv.Mat(), new cv.Mat()];
    try {
      switch (operation) {
        case cv.MORPH_ERODE:
          least(image, target);
          return true;
        case cv.MORPH_DILATE:
          greatest(image, target);
          return true;
        case cv.MORPH_OPEN:
          least(image, between);
          greatest(between, target);
          return true;
        case cv.MORPH_CLOSE:
          greatest(image, between);
          least(between, target);
          return true;
        case cv.MORPH_GRADIENT:
          least(image, between);
          greatest(image, upper);
          cv.subtract(upper, between, target);
          return true;
        case cv.MORPH_TOPHAT:
          least(image, between);
          greatest(between, between);
          cv.subtract(image, between, target);
          return true;
        case cv.MORPH_BLACKHAT:
          greatest(image, between);
          least(between, between);
          cv.subtract(between, image, target);
          return true;
        default:
          return false;
      }
    } finally {
      between.delete();
      upper.delete();
    }
  };
}

function runsIfDefault(accelerator: Accelerator, image: Mat, element: Mat, rest: Arguments): Runs | null {
  const { cv } = accelerator;
  const [anchor, iterations = 1, border = cv.BORDER_CONSTANT, value] = rest;
  const isCentered = !anchor || (anchor.x === -1 && anchor.y === -1);
  if (!isCentered || iterations < 1 || border !== cv.BORDER_CONSTANT || value) return null;
  if (!isPlain(accelerator, image) || element.type() !== cv.CV_8UC1 || element.rows * element.cols < 2) return null;
  return runsOf(element.data as Uint8Array, element.rows, element.cols, image.channels());
}

/** Null where a row has a gap. */
function runsOf(element: Uint8Array, height: number, width: number, channels: number): Runs | null {
  const ends: [first: number, last: number][] = [];
  for (let y = 0; y < height; y++) {
    const row = element.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((value) => value !== 0);
    const last = row.findLastIndex((value) => value !== 0);
    if (first >= 0 && row.subarray(first, last + 1).includes(0)) return null;
    ends.push([first, last]);
  }
  const lengths = [...new Set(ends.filter(([first]) => first >= 0).map(([first, last]) => last - first + 1))];
  lengths.sort((a, b) => a - b);
  if (lengths.length === 0) return null;
  const rows = new Int32Array(height * rowNumbers);
  for (const [y, [first, last]] of ends.entries()) {
    rows[y * rowNumbers] = Math.max(0, first) * channels;
    rows[y * rowNumbers + 1] = first < 0 ? -1 : lengths.indexOf(last - first + 1);
  }
  return { width, height, rows, lengths: Int32Array.from(lengths) };
}

function filter(
  accelerator: Accelerator,
  image: Mat,
  target: Mat,
  runs: Runs,
  isLeast: boolean,
  iterations: number,
): void {
  const { cv } = accelerator;
  let from = image;
  const made: Mat[] = [];
  try {
    for (let i = 1; i <= iterations; i++) {
      const isLast = i === iterations;
      const isInPlace = isLast && target.data?.byteOffset === from.data.byteOffset;
      const to = isLast && !isInPlace ? target : new cv.Mat();
      if (to !== target) made.push(to);
      filterOnce(accelerator, from, to, runs, isLeast);
      if (isInPlace) to.copyTo(target);
      from = to;
    }
  } finally {
    for (const mat of made) mat.delete();
  }
}

function filterOnce(
  { cv, kernels, withScratch }: Accelerator,
  image: Mat,
  target: Mat,
  { width, height, rows, lengths }: Runs,
  isLeast: boolean,
): void {
  const left = Math.floor(width / 2);
  const right = width - 1 - left;
  const channels = image.channels();
  target.create(image.rows, image.cols, image.type());
  const numbers = 4 * (rows.length + lengths.length);
  const elementBytes = (numbers + 15) & ~15;
  const bytes = elementBytes + kernels.morphologyScratch(image.cols, channels, left, right, lengths.length, height);
  withScratch(bytes, (scratch) => {
    const heap = new Int32Array(cv.HEAPU8.buffer, scratch, rows.length + lengths.length);
    heap.set(rows);
    heap.set(lengths, rows.length);
    kernels.morphology(
      ...([addressOf(image), addressOf(target), image.cols, image.rows, channels] as const),
      ...([scratch, height, Math.floor(height / 2), scratch + 4 * rows.length, lengths.length] as const),
      ...([left, right, isLeast ? 255 : 0, scratch + elementBytes] as const),
    );
  });
}
