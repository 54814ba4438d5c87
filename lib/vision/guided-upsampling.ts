/** Fast guided filter (K. He & J. Sun, "Fast Guided Filter", 2015): brings a small soft mask to the size of an image, with the image's edges. */
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Of the filtered mask, what is below the first is 0, and what is above the second 255: no veil around an edge. */
const [clear, full] = [0.2, 0.8];
/** Longer side at which the filter's coefficients are computed, in pixels. */
const workSide = 1024;

/**
 * A mask of 0 to 255, of the size of the 8-bit gray image, from one of 0 to 1 (CV_32F) of any size. `radius` is half the window's side as a part of the
 * longer side; where the gray values vary by less than `contrast` (0 to 255), they count as flat.
 */
export function upsampleMask(mask: Mat, gray: Mat, radius: number, contrast: number, outer: Scope): Mat {
  using scope = new Scope();
  const { a, b } = coefficients(mask, gray, radius, contrast, scope);
  const result = outer.mat(gray.rows, gray.cols, cv.CV_8UC1);
  apply(a, b, gray, result);
  return result;
}

/** mask = a · gray + b in each window, averaged over the windows. */
function coefficients(mask: Mat, gray: Mat, radius: number, contrast: number, scope: Scope): { a: Mat; b: Mat } {
  const scale = Math.min(1, workSide / Math.max(gray.cols, gray.rows));
  const size = new cv.Size(Math.max(1, Math.round(gray.cols * scale)), Math.max(1, Math.round(gray.rows * scale)));
  const [guide, wanted] = [scope.mat(), scope.mat()];
  cv.resize(gray, guide, size, 0, 0, cv.INTER_AREA);
  guide.convertTo(guide, cv.CV_32F);
  cv.resize(mask, wanted, size, 0, 0, cv.INTER_LINEAR);
  const side = 2 * Math.max(1, Math.round(radius * Math.max(size.width, size.height))) + 1;
  const blurred = (source: Mat) => {
    const mean = scope.mat();
    cv.blur(source, mean, new cv.Size(side, side));
    return mean;
  };
  const product = (p: Mat, q: Mat) => {
    const result = scope.mat();
    cv.multiply(p, q, result);
    return result;
  };
  const [meanGuide, meanWanted] = [blurred(guide), blurred(wanted)];
  const [squares, products] = [blurred(product(guide, guide)), blurred(product(guide, wanted))];
  const [i, p] = [meanGuide.data32F as Float32Array, meanWanted.data32F as Float32Array];
  const [ii, ip] = [squares.data32F as Float32Array, products.data32F as Float32Array];
  for (let k = 0; k < i.length; k++) {
    const slope = (ip[k] - i[k] * p[k]) / (Math.max(0, ii[k] - i[k] * i[k]) + contrast ** 2);
    ii[k] = slope;
    ip[k] = p[k] - slope * i[k];
  }
  return { a: blurred(squares), b: blurred(products) };
}

/** The coefficients between the centers of their pixels are interpolated. */
function apply(a: Mat, b: Mat, gray: Mat, result: Mat): void {
  const [slopes, offsets] = [a.data32F as Float32Array, b.data32F as Float32Array];
  const [samples, out] = [gray.data as Uint8Array, result.data as Uint8Array];
  const { cols, rows } = gray;
  const columns = Array.from({ length: cols }, (_, x) => position(x, cols, a.cols));
  const left = Int32Array.from(columns, ({ before }) => before);
  const right = Int32Array.from(columns, ({ after }) => after);
  const share = Float32Array.from(columns, (column) => column.share);
  const [slopeRow, offsetRow] = [new Float32Array(a.cols), new Float32Array(a.cols)];
  for (let y = 0; y < rows; y++) {
    const { before, after, share: down } = position(y, rows, a.rows);
    for (let x = 0; x < a.cols; x++) {
      const [above, below] = [before * a.cols + x, after * a.cols + x];
      slopeRow[x] = slopes[above] + down * (slopes[below] - slopes[above]);
      offsetRow[x] = offsets[above] + down * (offsets[below] - offsets[above]);
    }
    for (let x = 0, k = y * cols; x < cols; x++, k++) {
      const [l, r, s] = [left[x], right[x], share[x]];
      const slope = slopeRow[l] + s * (slopeRow[r] - slopeRow[l]);
      const offset = offsetRow[l] + s * (offsetRow[r] - offsetRow[l]);
      const opacity = (slope * samples[k] + offset - clear) / (full - clear);
      out[k] = Math.max(0, Math.min(255, 255 * opacity + 0.5));
    }
  }
}

/** Where the `at`-th of `length` pixels lies among `count` larger ones. */
function position(at: number, length: number, count: number): { before: number; after: number; share: number } {
  const exact = Math.min(count - 1, Math.max(0, ((at + 0.5) * count) / length - 0.5));
  const before = Math.floor(exact);
  return { before, after: Math.min(count - 1, before + 1), share: exact - before };
}
