import { eightBits, type GrayScale, sixteenBits } from './gray-scale.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

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

/** OpenCV knows Lab of 8 bits and of floating point alone. */
function onDeepLightness(
  image: Mat,
  change: (lightness: Mat, gray: GrayScale) => Mat,
  scope: Scope,
  { black, white }: GrayScale,
): Mat {
  const lab = scope.mat();
  image.convertTo(lab, cv.CV_32F, 1 / (white - black), -black / (white - black));
  cv.cvtColor(lab, lab, cv.COLOR_RGB2Lab);
  const planes = scope.own(new cv.MatVector());
  cv.split(lab, planes);
  const lightness = scope.mat();
  scope.own(planes.get(0)).convertTo(lightness, cv.CV_16U, samplesOfLightness);
  const changed = scope.mat();
  change(lightness, sixteenBits).convertTo(changed, cv.CV_32F, 1 / samplesOfLightness);
  planes.set(0, changed);
  cv.merge(planes, lab);
  cv.cvtColor(lab, lab, cv.COLOR_Lab2RGB);
  const rgb = scope.mat();
  lab.convertTo(rgb, cv.CV_16U, white - black, black);
  return rgb;
}
