import { isPlain } from './accelerated/accelerator.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Median filter over squares of `side` pixels, as OpenCV's `medianBlur`; `target` is not `image`. */
export function medianBlur(image: Mat, target: Mat, side: number): void {
  const channels = image.channels();
  if (image.depth() === cv.CV_16U && side > 5) {
    deepMedian(image, target, side);
    return;
  }
  if (!kernels || !isPlain({ cv }, image) || side > 5 || side < 3 || image === target) {
    cv.medianBlur(image, target, side);
    return;
  }
  using scope = new Scope();
  const scratch = scope.mat(side, (image.cols + side - 1) * channels, cv.CV_8UC1);
  target.create(image.rows, image.cols, image.type());
  const median = side === 3 ? kernels.median3 : kernels.median5;
  median(addressOf(image), addressOf(target), image.cols, image.rows, channels, addressOf(scratch));
}

/**
 * Samples of 16 bits by a histogram that moves along (T. Huang, A fast two-dimensional median filtering algorithm, 1979), in two levels; the
 * border is repeated, as OpenCV does. OpenCV itself takes sides up to 5.
 */
function deepMedian(image: Mat, target: Mat, side: number): void {
  target.create(image.rows, image.cols, image.type());
  const { rows, cols } = image;
  const channels = image.channels();
  const [source, result] = [image.data16U as Uint16Array, target.data16U as Uint16Array];
  const half = side >> 1;
  const wanted = (side * side) >> 1;
  const [coarse, fine] = [new Uint32Array(256), new Uint32Array(65_536)];
  const inside = (at: number, length: number) => Math.min(length - 1, Math.max(0, at));
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < rows; y++) {
      coarse.fill(0);
      fine.fill(0);
      const starts = Array.from({ length: side }, (_, i) => inside(y - half + i, rows) * cols);
      const count = (x: number, change: 1 | -1) => {
        const column = inside(x, cols);
        for (const start of starts) {
          const value = source[(start + column) * channels + c];
          fine[value] += change;
          coarse[value >> 8] += change;
        }
      };
      for (let x = -half; x < half; x++) count(x, 1);
      for (let x = 0; x < cols; x++) {
        count(x + half, 1);
        let below = 0;
        let block = 0;
        while (below + coarse[block] <= wanted) below += coarse[block++];
        let value = block << 8;
        while (below + fine[value] <= wanted) below += fine[value++];
        result[(y * cols + x) * channels + c] = value;
        count(x - half, -1);
      }
    }
  }
}
