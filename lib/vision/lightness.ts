import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** Changes the lightness alone (L of CIE Lab), so that colors keep their hue; a gray image is its own lightness. */
export function onLightness(image: Mat, change: (lightness: Mat) => Mat, scope: Scope): Mat {
  if (image.channels() === 1) return change(image);
  const lab = scope.mat();
  cv.cvtColor(image, lab, cv.COLOR_RGB2Lab);
  const planes = scope.own(new cv.MatVector());
  cv.split(lab, planes);
  planes.set(0, change(scope.own(planes.get(0))));
  cv.merge(planes, lab);
  const rgb = scope.mat();
  cv.cvtColor(lab, rgb, cv.COLOR_Lab2RGB);
  return rgb;
}
