import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import type { Modality } from '../vision/modality.ts';
import type { SampleValues } from '../vision/object-table.ts';
import type { Mat } from '../vision/opencv.ts';
import { showWindow } from '../vision/window.ts';

/** Linear window of a deep gray image on 8 bits (DICOM PS3.3 C.11.2.1.2.1). Use it on medical and scientific images, whose interest lies in a part of the range. */
export const windowLevel = defineOperation({
  name: 'window-level',
  title: 'Window and level',
  group: 'color',
  summary: 'Spreads a part of the brightness range of a 16-bit image over all of the screen’s: CT, MR, microscopy.',
  source: 'DICOM PS3.3 C.11.2.1.2.1, linear VOI LUT function',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    center: z
      .number()
      .min(-1e12)
      .max(1e12)
      .optional()
      .describe(
        'value of the file that becomes middle gray, in Hounsfield units for CT; without it, as the DICOM file says, else the middle of the range',
      ),
    width: z
      .number()
      .min(1e-9)
      .max(1e12)
      .optional()
      .describe('distance between the values that become black and white; default: as for center'),
  }),
  halo: () => 0,
  run({ image, modality, imageValues, scope }, given) {
    const gray = toGray(image, scope);
    const { values, window } = modality ?? wholeRange(gray, imageValues);
    const { center = window.center, width = window.width } = given;
    return { image: showWindow(gray, { values, window: { center, width } }, scope) };
  },
});

/** The window from the first sample to the last. */
function wholeRange(gray: Mat, values: SampleValues): Modality {
  const samples = gray.elemSize1() === 2 ? 65_536 : 256;
  const { offset, factor } = values;
  const first = factor < 0 ? -1 : 0;
  return {
    values,
    window: { center: offset + factor * (samples / 2 + first), width: Math.abs(factor) * samples },
  };
}
