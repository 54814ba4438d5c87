/** The pixels of a picked image: all of them, or as many as can be worked on while a slider moves. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { decodeDeep, isDecodedHere } from '../deep/decode.ts';
import { type DeepImage, shownDeep } from '../deep/deep-image.ts';
import { canPreview, type Picked, page, reference, unreadable } from './images.ts';

/** Longest side of what is worked on. */
export const maxSide = 640;

export interface Reduced {
  /** As a screen shows it. */
  image: ImageData;
  /** What is worked on: the same, or samples of 16 bits. */
  source: ImageData | DeepImage;
  /** Of the file. */
  pages: number;
  /** Its length over that of the original. */
  scale: number;
}

/** Whether it is too large to be worked on as a whole while a slider moves. */
export function isLarge({ width, height }: Picked): boolean {
  return Math.max(width ?? 0, height ?? 0) > maxSide;
}

/** The image reduced to a size that can be worked on while a slider moves, or its middle; null until it is there. */
export function useReduced(picked: Picked | undefined, detail: boolean, background: string | null = '#fff') {
  const reduced = useSignal<Reduced | null>(null);
  const shown = useRef('');
  useEffect(() => {
    // While another page is read, the one before stays.
    const now = `${picked?.id} ${detail}`;
    const isReadable = picked !== undefined && canPreview(picked);
    if (shown.current !== now || !isReadable) reduced.value = null;
    shown.current = now;
    if (!isReadable) return;
    let outdated = false;
    reduce(picked, detail, background).then(
      (made) => {
        if (!outdated) reduced.value = made;
      },
      () => (unreadable.value = new Set([...unreadable.value, picked.id])),
    );
    return () => {
      outdated = true;
    };
  }, [picked?.id, detail, page.value]);
  return reduced;
}

async function reduce(picked: Picked, detail: boolean, background: string | null): Promise<Reduced> {
  // A table of colors is as small as it is, and has no neighbors to take the mean of.
  if (await isDecodedHere(picked)) {
    const side = isTable(picked) ? Number.POSITIVE_INFINITY : maxSide;
    const { image, pages, scale } = await decoded(picked, side, detail);
    return { image: shownDeep(image), source: image, pages, scale };
  }
  const bitmap = await createImageBitmap(picked.file);
  const own = scaleOf(picked, bitmap);
  const scale = detail ? 1 : Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
  const image = draw(bitmap, scale, maxSide, background);
  return { image, source: image, pages: 1, scale: scale * own };
}

function isTable({ contentType }: Picked): boolean {
  return contentType === 'application/x-cube-lut';
}

/** A second image has one page, whichever is worked on of the others. */
function decoded(picked: Picked, side: number, middle: boolean) {
  const wanted = picked.id === reference.value?.id ? 1 : page.value;
  return decodeDeep({ file: picked.file, page: wanted, maxSide: side, middle });
}

/** All pixels that there are. */
export async function wholeOf(
  picked: Picked,
  background: string | null = '#fff',
): Promise<Pick<Reduced, 'source' | 'scale'>> {
  if (await isDecodedHere(picked)) {
    const { image, scale } = await decoded(picked, Number.POSITIVE_INFINITY, false);
    return { source: image, scale };
  }
  const bitmap = await createImageBitmap(picked.file);
  const scale = scaleOf(picked, bitmap);
  return { source: draw(bitmap, 1, Number.POSITIVE_INFINITY, background), scale };
}

/** How much smaller than the image its rendition is. */
function scaleOf({ isRendition, width }: Picked, bitmap: ImageBitmap): number {
  return isRendition && width !== null ? Math.min(1, bitmap.width / width) : 1;
}

/** The middle of the scaled image, on white, as operations see transparent images, or with its transparency. Closes the bitmap. */
function draw(bitmap: ImageBitmap, scale: number, limit: number, background: string | null): ImageData {
  const [wholeWidth, wholeHeight] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const [width, height] = [Math.min(limit, wholeWidth), Math.min(limit, wholeHeight)];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser has no canvas.');
  if (background !== null) {
    context.fillStyle = background;
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = 'high';
  const [left, top] = [Math.round((width - wholeWidth) / 2), Math.round((height - wholeHeight) / 2)];
  context.drawImage(bitmap, left, top, wholeWidth, wholeHeight);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
