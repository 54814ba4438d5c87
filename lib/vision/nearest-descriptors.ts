import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** The nearest of the other descriptors, and the distances of the two nearest, in bits. */
export interface Nearest {
  index: number;
  distance: number;
  /** At least 2³¹ - 1 where there is only one other. */
  second: number;
}

/** Brute-force matching of binary descriptors, a row each, by Hamming distance; the first of equals is the nearest. Both have a row or more. */
export function nearestDescriptors(from: Mat, to: Mat): Nearest[] {
  return kernels && from.isContinuous() && to.isContinuous() ? withKernel(from, to) : withOpenCv(from, to);
}

function withKernel(from: Mat, to: Mat): Nearest[] {
  using scope = new Scope();
  const nearest = scope.mat(from.rows, 3, cv.CV_32SC1);
  kernels?.hamming(addressOf(from), from.rows, addressOf(to), to.rows, from.cols, addressOf(nearest));
  const found = nearest.data32S as Int32Array;
  return Array.from({ length: from.rows }, (_, i) => ({
    index: found[3 * i],
    distance: found[3 * i + 1],
    second: found[3 * i + 2],
  }));
}

/** As `nearestDescriptors`, where there are no kernels. */
export function withOpenCv(from: Mat, to: Mat): Nearest[] {
  using scope = new Scope();
  const matcher = scope.own(new cv.BFMatcher(cv.NORM_HAMMING, false));
  const pairs = scope.own(new cv.DMatchVectorVector());
  matcher.knnMatch(from, to, pairs, 2);
  return Array.from({ length: pairs.size() }, (_, i) => {
    using own = new Scope();
    const pair = own.own(pairs.get(i));
    const first = pair.get(0);
    const second = pair.size() > 1 ? pair.get(1).distance : 2 ** 31 - 1;
    return { index: first.trainIdx, distance: first.distance, second };
  });
}
