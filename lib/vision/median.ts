import { isPlain } from './accelerated/accelerator.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Median filter over squares of `side` pixels, as OpenCV's `medianBlur`; `target` is not `image`. */
export function medianBlur(image: Mat, target: Mat, side: number): void {
  const channels = image.channels();
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
