import { z } from 'zod';
import { toGray } from './channels.ts';
import { cv } from './cv.ts';
import { defineOperation } from './operation.ts';

/** Linear window of a deep gray image on 8 bits (DICOM PS3.3 C.11.2.1.2.1). Use it on medical and scientific images, whose interest lies in a part of the range. */
export const windowLevel = defineOperation({
  name: 'window-level',
  title: 'Window and level',
  group: 'colour',
  summary: 'Spreads a part of the brightness range of a 16-bit image over all of the screen’s: CT, MR, microscopy.',
  source: 'DICOM PS3.3 C.11.2.1.2.1, linear VOI LUT function',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    centre: z.number().min(-65_536).max(131_072).default(32_768).describe('sample value that becomes middle gray'),
    width: z.number().min(1).max(131_072).default(65_536).describe('how many values lie between black and white'),
  }),
  halo: () => 0,
  run({ image, scope }, { centre, width }) {
    const gray = toGray(image, scope);
    const windowed = scope.mat();
    // y = ((x - (c - 0.5)) / (w - 1) + 0.5) · 255, clamped; a width of 1 is a threshold.
    const slope = 255 / Math.max(1, width - 1);
    gray.convertTo(windowed, cv.CV_8U, slope, 127.5 - (centre - 0.5) * slope);
    return { image: windowed };
  },
});
