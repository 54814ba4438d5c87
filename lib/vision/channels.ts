import { cv, type Mat } from './opencv.ts';
import { whiteOf } from './samples.ts';
import type { Scope } from './scope.ts';

/** Gray as OpenCV computes it (`cvtColor`, ITU-R BT.601 weights); a gray image is given back as it is. */
export function toGray(image: Mat, scope: Scope): Mat {
  if (image.channels() === 1) return image;
  const gray = scope.mat();
  cv.cvtColor(image, gray, cv.COLOR_RGB2GRAY);
  return gray;
}

/** Three equal channels from gray; an RGB image is given back as it is. */
export function toRgb(image: Mat, scope: Scope): Mat {
  if (image.channels() === 3) return image;
  const rgb = scope.mat();
  cv.cvtColor(image, rgb, cv.COLOR_GRAY2RGB);
  return rgb;
}

/** A copy in RGB, to draw on. */
export function canvasOf(image: Mat, scope: Scope): Mat {
  return image.channels() === 1 ? toRgb(image, scope) : copyOf(image, scope);
}

/** A Mat of its own with the same samples. (`clone()` of this build gives a second handle on the same Mat.) */
export function copyOf(image: Mat, scope: Scope): Mat {
  const copy = scope.mat();
  image.copyTo(copy);
  return copy;
}

/** An alpha plane with samples as deep as those of its image. */
export function alphaLike(image: Mat, alpha: Mat, scope: Scope): Mat {
  if (alpha.depth() === image.depth()) return alpha;
  const converted = scope.mat();
  alpha.convertTo(converted, image.depth(), image.elemSize1() === 1 ? 1 / 257 : 257);
  return converted;
}

/** An image as it looks on white, its alpha of the same depth; without transparency it is given back as it is. */
export function onWhite(image: Mat, alpha: Mat | undefined, scope: Scope): Mat {
  if (!alpha) return image;
  const opacity = image.channels() === 3 ? toRgb(alpha, scope) : alpha;
  const flattened = scope.mat();
  // White less what the image takes away from it, where it is opaque.
  cv.bitwise_not(image, flattened);
  cv.multiply(flattened, opacity, flattened, 1 / whiteOf(image));
  cv.bitwise_not(flattened, flattened);
  return flattened;
}
