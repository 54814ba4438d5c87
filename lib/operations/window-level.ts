import { z } from 'zod';
import { toGray } from '../vision/channels.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
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
      .min(-65_536)
      .max(131_072)
      .optional()
      .describe(
        'value that becomes middle gray, in Hounsfield units for CT; without it, as the DICOM file says, else the middle of the range',
      ),
    width: z
      .number()
      .min(1)
      .max(131_072)
      .optional()
      .describe('number of values between black and white; default: as for center'),
  }),
  halo: () => 0,
  run({ image, modality, scope }, given) {
    const gray = toGray(image, scope);
    const range = gray.elemSize1() === 2 ? 65_536 : 256;
    const { zero, window, inverted } = modality ?? {
      zero: 0,
      window: { center: range / 2, width: range },
      inverted: false,
    };
    const { center = window.center, width = window.width } = given;
    return { image: showWindow(gray, { zero, window: { center, width }, inverted }, scope) };
  },
});
