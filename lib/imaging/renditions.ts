/**
 * What browsers show in place of an image: a thumbnail, and a rendition of images that browsers do not show, that are deeper
 * than screens, or that are large. All are WebP.
 */
import sharp from 'sharp';
import { largeBytes, largeSide, renditionSide, smallBytes, smallSide, thumbnailSide } from './rendition-sizes.ts';
import { showWindow } from './rendition-window.ts';
import type { Samples } from './strips.ts';

export interface Rendition {
  bytes: Buffer;
  width: number;
  height: number;
}

const shownTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/gif']);

/** An image as it is stored, and its samples. */
export interface Stored {
  samples: Samples;
  contentType: string;
  bytes: number;
}

function needsRendition({ samples: { width, height, depth, bits }, contentType, bytes }: Stored): boolean {
  return (
    !shownTypes.has(contentType) ||
    depth === 16 ||
    bits !== undefined ||
    Math.max(width, height) > largeSide ||
    bytes > largeBytes
  );
}

/** Undefined where browsers show the image itself. */
export async function renditionOf(stored: Stored): Promise<Rendition | undefined> {
  return needsRendition(stored) ? reduced(stored.samples, renditionSide, 'lanczos3') : undefined;
}

/** Undefined where the image is small enough to be its own thumbnail. */
export async function thumbnailOf(stored: Stored): Promise<Rendition | undefined> {
  const { samples, bytes } = stored;
  const small = Math.max(samples.width, samples.height) <= smallSide && bytes <= smallBytes;
  // A thumbnail is seen for a moment: a simpler filter takes two thirds of the time.
  return small && !needsRendition(stored) ? undefined : reduced(samples, thumbnailSide, 'linear');
}

async function reduced(samples: Samples, side: number, kernel: 'lanczos3' | 'linear'): Promise<Rendition> {
  const { data, width, height, channels, depth, bits } = samples;
  const words = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const image = sharp(words, { raw: { width, height, channels } });
  image.resize(side, side, { fit: 'inside', withoutEnlargement: true, kernel });
  const shallow = depth === 16 || bits !== undefined ? await showWindow(image, samples) : image;
  const { data: bytes, info } = await shallow.webp({ quality: 80, effort: 1 }).toBuffer({ resolveWithObject: true });
  return { bytes, width: info.width, height: info.height };
}
