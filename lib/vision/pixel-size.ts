import { z } from 'zod';

/** The size of a pixel, as a request gives it. */
export const pixelSizeSchema = z
  .strictObject({
    x: z.number().min(1e-9).max(1e9).describe('width of a pixel'),
    y: z.number().min(1e-9).max(1e9).describe('height of a pixel; as the width, if left out').optional(),
    unit: z.string().min(1).max(20).describe('such as µm or mm'),
  })
  .describe(
    'size of a pixel, for lengths and areas in your unit in addition to those in pixels; default: from the file (DICOM, OME-TIFF, ImageJ, TIFF resolution)',
  );

export type PixelSize = z.output<typeof pixelSizeSchema>;

/** Where a file says the size of its pixels. */
export const pixelSizeSources = ['DICOM PixelSpacing', 'OME-XML', 'ImageJ', 'TIFF resolution'] as const;

/** The size of a pixel, as a file says it. */
export interface FilePixelSize {
  x: number;
  y: number;
  unit: string;
  from: (typeof pixelSizeSources)[number];
}
