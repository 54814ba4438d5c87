import type { Rect } from '@techstark/opencv-js';
import { eightBits, type GrayScale, sixteenBits } from './gray-scale.ts';
import { cv, type Mat, type MatVector } from './opencv.ts';
import { grayLike } from './samples.ts';
import { Scope } from './scope.ts';

/**
 * Changes the lightness alone (L of CIE Lab), so that colors keep their hue; a gray image is its own lightness. `gray` says what samples of 16
 * bits are black and white; `change` is given the same of the lightness.
 */
export function onLightness(
  image: Mat,
  change: (lightness: Mat, gray: GrayScale) => Mat,
  scope: Scope,
  gray = image.elemSize1() === 2 ? sixteenBits : eightBits,
): Mat {
  if (image.channels() === 1) return change(image, gray);
  if (image.elemSize1() === 2) return onDeepLightness(image, change, scope, gray);
  const lab = scope.mat();
  cv.cvtColor(image, lab, cv.COLOR_RGB2Lab);
  const planes = scope.own(new cv.MatVector());
  cv.split(lab, planes);
  planes.set(0, change(scope.own(planes.get(0)), eightBits));
  cv.merge(planes, lab);
  const rgb = scope.mat();
  cv.cvtColor(lab, rgb, cv.COLOR_Lab2RGB);
  return rgb;
}

/** L is 0 to 100; its samples are spread over 16 bits. */
const samplesOfLightness = 65_535 / 100;

/** Pixels that are converted at once: floating-point Lab takes twelve bytes each, and the heap has a limit. */
const bandPixels = 2e6;

/** OpenCV knows Lab of 8 bits and of floating point alone: it is made twice, band by band, rather than kept. */
function onDeepLightness(
  image: Mat,
  change: (lightness: Mat, gray: GrayScale) => Mat,
  scope: Scope,
  gray: GrayScale,
): Mat {
  const lightness = grayLike(image, scope);
  inBands(image, gray, ({ planes }, part) => {
    using band = new Scope();
    band.own(planes.get(0)).convertTo(band.own(lightness.roi(part)), cv.CV_16U, samplesOfLightness);
  });
  const changed = change(lightness, sixteenBits);
  const { black, white } = gray;
  const rgb = scope.mat(image.rows, image.cols, cv.CV_16UC3);
  inBands(image, gray, ({ planes, lab }, part) => {
    using band = new Scope();
    const plane = band.mat();
    band.own(changed.roi(part)).convertTo(plane, cv.CV_32F, 1 / samplesOfLightness);
    planes.set(0, plane);
    cv.merge(planes, lab);
    cv.cvtColor(lab, lab, cv.COLOR_Lab2RGB);
    lab.convertTo(band.own(rgb.roi(part)), cv.CV_16U, white - black, black);
  });
  return rgb;
}

/** Lab of some rows of an image of 16 bits, in floating point: L is 0 to 100. */
interface Band {
  lab: Mat;
  planes: MatVector;
}

function inBands(image: Mat, { black, white }: GrayScale, take: (band: Band, part: Rect) => void): void {
  const rows = Math.max(1, Math.floor(bandPixels / image.cols));
  for (let top = 0; top < image.rows; top += rows) {
    using scope = new Scope();
    const part = new cv.Rect(0, top, image.cols, Math.min(rows, image.rows - top));
    const lab = scope.mat();
    scope.own(image.roi(part)).convertTo(lab, cv.CV_32F, 1 / (white - black), -black / (white - black));
    cv.cvtColor(lab, lab, cv.COLOR_RGB2Lab);
    const planes = scope.own(new cv.MatVector());
    cv.split(lab, planes);
    take({ lab, planes }, part);
  }
}
