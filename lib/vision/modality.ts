import type { GrayScale } from './gray-scale.ts';
import type { SampleValues } from './object-table.ts';

/** What 16-bit samples of a medical image mean. */
export interface Modality {
  /** The modality's values that samples stand for. `factor` is negative if low values are shown bright (MONOCHROME1). */
  values: SampleValues;
  /** The window, in the modality's values, in which the image is usually shown. */
  window: { center: number; width: number };
}

/** The samples that a window shows as black and white (DICOM PS3.3 C.11.2.1.2.1, linear VOI LUT function). A window of one sample or less is a threshold. */
export function windowEnds({ values: { offset, factor }, window: { center, width } }: Modality): GrayScale {
  const middle = (center - offset) / factor - Math.sign(factor) / 2;
  const half = Math.max(1, width / Math.abs(factor) - 1) / 2;
  return { black: middle - half, white: middle + half };
}
