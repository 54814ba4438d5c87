/**
 * ORB (E. Rublee et al., ORB: an efficient alternative to SIFT or SURF, 2011) on kernels: the keypoints and descriptors of OpenCV's `ORB` with its
 * defaults, each the same, in the order of levels and rows.
 */
import type { Kernels } from '../kernels/load.ts';
import { roundToEven } from './accelerated/accelerator.ts';
import type { Point } from './homography.ts';
import { addressOf, cv, type Mat } from './opencv.ts';
import { nextLevel, scaleFactor } from './orb-pyramid.ts';
import { Scope } from './scope.ts';

/** Keypoints, in pixels of the image, and a row of binary descriptor for each (CV_8UC1). */
export interface Described {
  keypoints: { pt: Point; response: number }[];
  descriptors: Mat;
}

const levels = 8;
const fastThreshold = 20;
/** Nearer to the border there are no keypoints. */
const edge = 31;
const descriptorBytes = 32;
/** Of a list entry: x and y of 16 bits, and a float. */
const entryBytes = 8;
/** The greatest side of which an entry can say a place. */
const maxSide = 65_535;
/** Radius of the disc that tells a keypoint's direction. */
const radius = 15;
const float = Math.fround;

/** How far the disc reaches to the sides in each row from its center on: the same read by rows and by columns. */
const halfWidths = (() => {
  const widths = new Array<number>(radius + 2).fill(0);
  for (let row = 0; row <= Math.floor((radius * Math.SQRT2) / 2 + 1); row++)
    widths[row] = roundToEven(Math.sqrt(radius * radius - row * row));
  for (let row = radius, from = 0; row >= Math.ceil((radius * Math.SQRT2) / 2); row--, from++) {
    while (widths[from] === widths[from + 1]) from++;
    widths[row] = from;
  }
  return widths;
})();

/** Weights of a Gaussian filter of 7 pixels, σ = 2, from the center outwards. */
const gaussian = (() => {
  const values = [0, 1, 2, 3].map((x) => Math.exp((-x * x) / 8));
  const sum = 2 * (values[3] + values[2] + values[1]) + 1;
  return Float32Array.from(values, (value) => value / sum);
})();

/** The pixels that descriptors compare were learned from images, and stand in OpenCV's own data: x, y of the first and of the second of each pair. */
const firstPairs = [8, -3, 9, 5, 4, 2, 7, -12, -11, 9, -8, 2];
const pairNumbers = 4 * 8 * descriptorBytes;
let pattern: Float32Array | null | undefined;

/** For the kernel: x of the first pixels, y of the first, x of the second, y of the second. Null where another build of OpenCV has none. */
function pairsOf(): Float32Array | null {
  if (pattern !== undefined) return pattern;
  const { buffer } = cv.HEAPU8;
  const numbers = new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  let at = numbers.indexOf(firstPairs[0]);
  while (at >= 0 && !firstPairs.every((number, i) => numbers[at + i] === number))
    at = numbers.indexOf(firstPairs[0], at + 1);
  const count = pairNumbers / 4;
  const found = Float32Array.from(
    { length: pairNumbers },
    (_, i) => numbers[at + 4 * (i % count) + Math.floor(i / count)],
  );
  pattern = at >= 0 && found.every((number) => Math.abs(number) <= 13) ? found : null;
  return pattern;
}

/** Keypoints of a level, with their descriptors. */
interface Level {
  keypoints: Described['keypoints'];
  descriptors: Uint8Array;
}

/** The keypoints of a gray image, about `maxFeatures`: more where responses are equal to the last. Null for what the kernels cannot work on. */
export function orb(kernels: Kernels, gray: Mat, maxFeatures: number, outer: Scope): Described | null {
  const pairs = pairsOf();
  if (!pairs || !gray.isContinuous() || gray.type() !== cv.CV_8UC1 || Math.max(gray.rows, gray.cols) > maxSide)
    return null;
  const wanted = featuresByLevel(maxFeatures);
  const found: Level[] = [];
  using scope = new Scope();
  let image = gray;
  for (let level = 0; level < levels; level++) {
    const scale = float(scaleFactor ** level);
    const [width, height] = [roundToEven(float(gray.cols / scale)), roundToEven(float(gray.rows / scale))];
    // What is too small for a keypoint ends the pyramid.
    if (Math.min(width, height) <= 2 * edge) break;
    if (level > 0) {
      const next = nextLevel(kernels, image, width, height, scope);
      if (image !== gray) scope.release(image).delete();
      image = next;
    }
    found.push(featuresOf(kernels, image, wanted[level], scale, pairs));
  }
  const descriptors = outer.mat(
    found.reduce((sum, { keypoints }) => sum + keypoints.length, 0),
    descriptorBytes,
    cv.CV_8UC1,
  );
  let at = 0;
  for (const level of found) {
    descriptors.data.set(level.descriptors, at);
    at += level.descriptors.length;
  }
  return { keypoints: found.flatMap(({ keypoints }) => keypoints), descriptors };
}

function featuresByLevel(maxFeatures: number): number[] {
  const factor = float(1 / scaleFactor);
  let share = float(float(maxFeatures * float(1 - factor)) / float(1 - float(factor ** levels)));
  const wanted: number[] = [];
  for (let level = 0; level < levels - 1; level++) {
    wanted.push(roundToEven(share));
    share = float(share * factor);
  }
  return [...wanted, Math.max(0, maxFeatures - wanted.reduce((a, b) => a + b, 0))];
}

function featuresOf(kernels: Kernels, image: Mat, wanted: number, scale: number, pairs: Float32Array): Level {
  using scope = new Scope();
  const { rows, cols } = image;
  // Of four pixels no more than one is greater than its neighbors.
  const most = Math.ceil((cols - 2 * edge) / 2) * Math.ceil((rows - 2 * edge) / 2);
  const list = scope.mat(1, most * entryBytes, cv.CV_8UC1);
  const rowScratch = scope.mat(1, kernels.fastScratch(cols), cv.CV_8UC1);
  const at = addressOf(list);
  let count = kernels.fastCorners(addressOf(image), cols, rows, fastThreshold, edge, at, addressOf(rowScratch));
  count = keepBest(list, count, 2 * wanted);
  kernels.harrisResponses(addressOf(image), cols, at, count);
  count = keepBest(list, count, wanted);
  if (count === 0) return { keypoints: [], descriptors: new Uint8Array() };
  const turns = turnsOf(kernels, image, list, count, scope);
  const blurred = blur(kernels, image, list, count, scope);
  const pattern = floatMat(pairs, scope);
  const descriptors = scope.mat(count, descriptorBytes, cv.CV_8UC1);
  kernels.orbDescriptors(
    addressOf(blurred),
    cols,
    at,
    count,
    addressOf(turns),
    addressOf(pattern),
    addressOf(descriptors),
  );
  const places = list.data16U as Uint16Array;
  const responses = list.data32F as Float32Array;
  const keypoints = Array.from({ length: count }, (_, i) => ({
    pt: { x: float(places[4 * i] * scale), y: float(places[4 * i + 1] * scale) },
    response: responses[2 * i + 1],
  }));
  return { keypoints, descriptors: (descriptors.data as Uint8Array).slice() };
}

/** Keeps the `count` entries of the greatest value, and those that are equal to the least of them; gives their number. */
function keepBest(list: Mat, length: number, count: number): number {
  if (length <= count) return length;
  if (count === 0) return 0;
  const entries = list.data32S as Int32Array;
  const floats = list.data32F as Float32Array;
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = floats[2 * i + 1];
  const least = values.toSorted()[length - count];
  let kept = 0;
  for (let i = 0; i < length; i++) {
    if (values[i] < least) continue;
    entries[2 * kept] = entries[2 * i];
    entries[2 * kept + 1] = entries[2 * i + 1];
    kept++;
  }
  return kept;
}

/** Cosine and sine of each keypoint's direction. */
function turnsOf(kernels: Kernels, image: Mat, list: Mat, count: number, scope: Scope): Mat {
  const [across, down] = [scope.mat(1, count, cv.CV_32FC1), scope.mat(1, count, cv.CV_32FC1)];
  const weights = scope.own(cv.matFromArray(1, discWeights.length, cv.CV_16SC1, discWeights));
  kernels.orbMoments(
    addressOf(image),
    image.cols,
    addressOf(list),
    count,
    addressOf(weights),
    addressOf(across),
    addressOf(down),
  );
  const angles = scope.mat();
  cv.cartToPolar(across, down, scope.mat(), angles, true);
  const turns = new Float32Array(2 * count);
  for (const [i, degrees] of (angles.data32F as Float32Array).entries()) {
    const angle = float(degrees * float(Math.PI / 180));
    turns[2 * i] = Math.cos(angle);
    turns[2 * i + 1] = Math.sin(angle);
  }
  return floatMat(turns, scope);
}

/** For each row of the disc: columns from -15 to 16 where they are inside, then a 1 for each of those. */
const discWeights = Array.from({ length: radius + 1 }, (_, row) => {
  const columns = Array.from({ length: 32 }, (_, i) => i - radius);
  const isInside = (x: number) => Math.abs(x) <= halfWidths[row];
  return [...columns.map((x) => (isInside(x) ? x : 0)), ...columns.map((x) => (isInside(x) ? 1 : 0))];
}).flat();

function blur(kernels: Kernels, image: Mat, list: Mat, count: number, scope: Scope): Mat {
  const { rows, cols } = image;
  const blurred = scope.mat(rows, cols, cv.CV_8UC1);
  const weights = floatMat(gaussian, scope);
  const scratch = scope.mat(1, kernels.orbBlurScratch(cols, rows), cv.CV_8UC1);
  kernels.orbBlur(
    addressOf(image),
    addressOf(blurred),
    cols,
    rows,
    addressOf(list),
    count,
    addressOf(weights),
    addressOf(scratch),
  );
  return blurred;
}

function floatMat(values: Float32Array, scope: Scope): Mat {
  const mat = scope.mat(1, values.length, cv.CV_32FC1);
  (mat.data32F as Float32Array).set(values);
  return mat;
}
