import { type BinaryOptions, binarize } from './binary.ts';
import { areApart, classesOf } from './contrast.ts';
import { flattenIllumination } from './illumination.ts';
import { cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

export interface MaskOptions extends BinaryOptions {
  flatten: boolean;
  /** Standard deviation of the blur before the threshold, in pixels; 0 for none. */
  blur: number;
  /** Rounds of 3 × 3 opening. */
  opening: number;
}

export interface ObjectMask {
  /** 255 on objects, 0 on the background (CV_8UC1). */
  mask: Mat;
  /** The gray image that was thresholded: even and smooth. */
  smooth: Mat;
  threshold: number;
  /** Whether objects are brighter than the background. */
  bright: boolean;
  /** Standard deviations between objects and background. */
  separation: number;
}

/**
 * The objects of an 8-bit gray image, its illumination evened out where that sets them better apart. With Otsu's threshold a mask is
 * empty where the two classes of pixels are one: noise, or nothing at all.
 */
export function objectMask(gray: Mat, options: MaskOptions, outer: Scope): ObjectMask {
  using scope = new Scope();
  const asItIs = separate(gray, options, outer);
  const flattened = options.flatten ? separate(flattenIllumination(gray, scope), options, outer) : asItIs;
  // A large object looks like uneven light: flattened, it would be gone.
  const { smooth, mask, threshold, classes } =
    flattened.classes.separation >= asItIs.classes.separation ? flattened : asItIs;
  const bright = isBright(smooth, mask);
  if (options.threshold === 'otsu' && !areApart(classes)) mask.setTo(new cv.Scalar(0));
  if (options.opening > 0) {
    const kernel = scope.own(cv.Mat.ones(3, 3, cv.CV_8UC1));
    cv.morphologyEx(mask, mask, cv.MORPH_OPEN, kernel, new cv.Point(-1, -1), options.opening);
  }
  return { mask, smooth, threshold, bright, separation: classes.separation };
}

/** The image, smoothed, with what its threshold separates. */
function separate(gray: Mat, { blur, ...options }: MaskOptions, scope: Scope) {
  const smooth = scope.mat();
  if (blur > 0) cv.GaussianBlur(gray, smooth, new cv.Size(0, 0), blur);
  else gray.copyTo(smooth);
  const { binary: mask, threshold } = binarize(smooth, options, scope);
  const classes = classesOf(smooth.data as Uint8Array, Math.floor(threshold));
  return { smooth, mask, threshold, classes };
}

function isBright(smooth: Mat, mask: Mat): boolean {
  using scope = new Scope();
  const background = scope.mat();
  cv.bitwise_not(mask, background);
  const mean = (where: Mat) => (cv.mean(smooth, where) as unknown as number[])[0];
  return mean(mask) >= mean(background);
}
