import { cv, type Mat } from './opencv.ts';
import type { Scope } from './scope.ts';

/** What 16-bit samples of a medical image mean. */
export interface Modality {
  /** The sample that stands for 0 of the modality's values. */
  zero: number;
  /** The window, in the modality's values, in which the image is usually shown. */
  window: { center: number; width: number };
  /** Whether low values are shown bright. */
  inverted: boolean;
}

/**
 * A gray image on 8 bits, as a window shows it (DICOM PS3.3 C.11.2.1.2.1, linear VOI LUT function):
 * y = ((x - (c - 0.5)) / (w - 1) + 0.5) · 255, clamped; a width of 1 is a threshold. `window` is in values, of which sample `zero` is 0.
 */
export function showWindow(gray: Mat, { zero, window, inverted }: Modality, scope: Scope): Mat {
  const slope = 255 / Math.max(1, window.width - 1);
  const shown = scope.mat();
  gray.convertTo(shown, cv.CV_8U, slope, 127.5 - (window.center + zero - 0.5) * slope);
  if (inverted) cv.bitwise_not(shown, shown);
  return shown;
}
