import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Of each descriptor the two nearest others; of each of the others the nearest descriptor. */
export interface NearestDescriptors {
  /** By descriptor: the index of the nearest of the others, and the distances of the two nearest, in bits. */
  nearest: { index: number; distance: number; second: number }[];
  /** By other descriptor: the index of the nearest descriptor. */
  back: number[];
}

/** Brute-force matching of binary descriptors, a row each, by Hamming distance; the first of equals is the nearest. `to` has two rows or more. */
export function nearestDescriptors(from: Mat, to: Mat): NearestDescriptors {
  return kernels && from.isContinuous() && to.isContinuous() ? withKernel(from, to) : withOpenCv(from, to);
}

function withKernel(from: Mat, to: Mat): NearestDescriptors {
  using scope = new Scope();
  const nearest = scope.mat(from.rows, 3, cv.CV_32SC1);
  const back = scope.mat(to.rows, 2, cv.CV_32SC1);
  kernels?.hamming(addressOf(from), from.rows, addressOf(to), to.rows, from.cols, addressOf(nearest), addressOf(back));
  const found = nearest.data32S as Int32Array;
  const returned = back.data32S as Int32Array;
  return {
    nearest: Array.from({ length: from.rows }, (_, i) => ({
      index: found[3 * i],
      distance: found[3 * i + 1],
      second: found[3 * i + 2],
    })),
    back: Array.from({ length: to.rows }, (_, j) => returned[2 * j + 1]),
  };
}

/** As `nearestDescriptors`, where there are no kernels. */
export function withOpenCv(from: Mat, to: Mat): NearestDescriptors {
  using scope = new Scope();
  const matcher = scope.own(new cv.BFMatcher(cv.NORM_HAMMING, false));
  const pairs = scope.own(new cv.DMatchVectorVector());
  matcher.knnMatch(from, to, pairs, 2);
  const nearest = Array.from({ length: pairs.size() }, (_, i) => {
    using pair = new Scope();
    const [first, second] = [0, 1].map((k) => pair.own(pairs.get(i)).get(k));
    return { index: first.trainIdx, distance: first.distance, second: second.distance };
  });
  const returned = scope.own(new cv.DMatchVector());
  matcher.match(to, from, returned);
  return { nearest, back: Array.from({ length: returned.size() }, (_, j) => returned.get(j).trainIdx) };
}
