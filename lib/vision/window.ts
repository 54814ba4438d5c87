import { type Modality, windowEnds } from './modality.ts';
import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** A gray image on 8 bits, as a window shows it. */
export function showWindow(gray: Mat, modality: Modality, scope: Scope): Mat {
  const { black, white } = windowEnds(modality);
  const slope = 255 / (white - black);
  const shown = scope.mat();
  gray.convertTo(shown, cv.CV_8U, slope, -black * slope);
  return shown;
}
