import { colorFrame, paletteFrame } from './dicom/color.ts';
import { readDicomFile } from './dicom/file.ts';
import { bilevelFrame, grayFrame } from './dicom/gray.ts';
import { inflate } from './dicom/inflate.ts';
import { layoutOf } from './dicom/layout.ts';
import { pixelSpacing } from './dicom/pixel-spacing.ts';
import { readSamples } from './dicom/samples.ts';
import { checkPixels, noSuchPage } from './image-limits.ts';
import type { DecodeOptions, Pixels } from './pixels.ts';

/**
 * Decodes a frame of a DICOM file. Gray values have the modality's transformation applied; see `grayFrame` for what the
 * samples mean, and docs/formats.md for all that is read.
 * Throws `corrupt-image`, `unsupported-image`, `too-many-pixels`, and `invalid-parameter` for a page that is not there.
 */
export async function decodeDicom(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const { page = 1, maxDepth, maxPixels, check } = options;
  const { transferSyntax, dataSet } = readDicomFile(bytes, inflate);
  const layout = layoutOf(dataSet);
  const { width, height, frames, inverted } = layout;
  checkPixels(width, height, maxPixels);
  check?.(width * height);
  if (page > frames) throw noSuchPage(page, frames);

  const { samples, kind, planar } = await readSamples(dataSet, layout, transferSyntax, page - 1);
  const frame = (() => {
    if (kind === 'palette') return paletteFrame(dataSet, samples, maxDepth);
    if (kind !== 'gray') return colorFrame(samples, kind, planar, width * height, maxDepth);
    if (layout.bitsAllocated === 1) return bilevelFrame(samples, inverted);
    return grayFrame(dataSet, samples, page - 1, maxDepth);
  })();
  const pixelSize = pixelSpacing(dataSet, page - 1);
  return { ...frame, width, height, format: 'dicom', pages: frames, ...(pixelSize && { pixelSize }) };
}
