/** The images that were picked: looked at here first, so that what will be refused is said at once. */
import { computed, effect, signal } from '@preact/signals';
import type { Limits } from '../../clients/typescript/src/index.ts';
import { readImageHeader } from '../../lib/imaging/image-header.ts';
import { Problem } from '../../lib/problems.ts';
import { catalog } from '../api/catalog.ts';
import { bytesInWords } from '../ui/words.ts';

export interface Picked {
  id: number;
  file: File;
  /** With the folders it came in. */
  path: string;
  /** For showing it. */
  url: string;
  contentType: string;
  width: number | null;
  height: number | null;
  /** Why it will not be sent; null where nothing speaks against it. */
  refusal: string | null;
  /** Whether the file is a rendition, which may be smaller than the image. */
  isRendition?: true;
  /** One of the page's own, which can be had again. */
  isSample?: true;
  /** Of an image that the service has: where. It is not sent again. */
  earlier?: Earlier;
}

/** A task, or a job, whose images are taken again. */
export interface Earlier {
  kind: 'task' | 'job';
  id: string;
  /** How many there are. */
  images: number;
  /** Of the job. */
  name: string | null;
  page: number;
}

/** Where formats have their size. */
const headerBytes = 512 * 2 ** 10;
const lookedAtOnce = 8;
/** What this browser shows, and can make a preview of. */
const shown = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'];

export const images = signal<readonly Picked[]>([]);
export const reference = signal<Picked | null>(null);
/** The id of the image that the preview is of. */
export const chosen = signal<number | null>(null);

export const accepted = computed(() => images.value.filter(({ refusal }) => refusal === null));
export const previewed = computed(
  () => accepted.value.find(({ id }) => id === chosen.value) ?? accepted.value.find(canPreview) ?? accepted.value[0],
);

/** What the images are of, where the service has them. */
export const earlier = computed(() => images.value[0]?.earlier ?? null);
/** How many images will be worked on. */
export const imageCount = computed(() => earlier.value?.images ?? accepted.value.length);

let lastId = 0;

/** An image, or a second image, that the service has, with its bytes where this browser shows them. */
export function earlierImage(
  file: File,
  facts: Pick<Picked, 'contentType' | 'width' | 'height' | 'isRendition'>,
  from: Earlier,
): Picked {
  const picked = { id: ++lastId, file, path: file.name, url: URL.createObjectURL(file) };
  return { ...picked, ...facts, refusal: null, earlier: from };
}

export function canShow({ contentType }: Picked): boolean {
  return isShownHere(contentType);
}

export function isShownHere(contentType: string): boolean {
  return shown.includes(contentType);
}

/** What this page decodes by itself, where browsers do not. */
const decoded = ['image/tiff', 'application/dicom', 'application/x-cube-lut'];

/** Files of the kind that could not be decoded, by the ids of the images. */
export const unreadable = signal<ReadonlySet<number>>(new Set());

/** Whether there can be a preview of it. */
export function canPreview({ id, contentType }: Picked): boolean {
  return isShownHere(contentType) || (decoded.includes(contentType) && !unreadable.value.has(id));
}

/** Of files with several pages or frames, the one that is worked on, from 1 on. */
export const page = signal(1);

/** Another image may have fewer. */
let pagedId: number | undefined;
effect(() => {
  const id = previewed.value?.id;
  if (id !== pagedId) page.value = 1;
  pagedId = id;
});

export interface Dropped {
  file: File;
  path: string;
  isSample?: true;
}

/** Adds files, those that will be refused too: they are shown with the reason. */
export async function pickImages(files: readonly Dropped[]): Promise<void> {
  for (let from = 0; from < files.length; from += lookedAtOnce) {
    const looked = await Promise.all(files.slice(from, from + lookedAtOnce).map(look));
    // Those that the service has are not mixed with others.
    images.value = [...images.value.filter((image) => !image.earlier), ...looked];
  }
}

export async function pickReference(dropped: Dropped): Promise<void> {
  reference.value = await look(dropped);
}

/** Their URLs go on to work: this may be undone. */
export function removeImages(ids: readonly number[]): void {
  const gone = new Set(ids);
  images.value = images.value.filter(({ id }) => !gone.has(id));
}

/** Makes one of the images the second image, in place of the one that is. */
export function makeReference(image: Picked): void {
  removeImages([image.id]);
  reference.value = image;
}

/** The image becomes the second one, and the second one the image. */
export function swapWithReference(): void {
  const [image] = images.value;
  const second = reference.value;
  if (!second || !image) return;
  reference.value = image;
  images.value = [second, ...images.value.slice(1)];
}

export function removeAllImages(): void {
  removeImages(images.value.map(({ id }) => id));
}

async function look({ file, path, isSample }: Dropped): Promise<Picked> {
  const facts = { id: ++lastId, file, path, url: URL.createObjectURL(file), width: null, height: null };
  const picked = isSample ? { ...facts, isSample } : facts;
  const limits = catalog.value?.limits;
  if (file.size === 0) return { ...picked, contentType: '', refusal: 'The file is empty.' };
  if (limits && file.size > limits.imageBytes) {
    const refusal = `The file has ${bytesInWords(file.size)}; at most ${bytesInWords(limits.imageBytes)} are taken.`;
    return { ...picked, contentType: file.type, refusal };
  }
  return { ...picked, ...(await header(file, limits)) };
}

async function header(file: File, limits: Limits | undefined) {
  const head = new Uint8Array(await file.slice(0, headerBytes).arrayBuffer());
  try {
    return { ...readImageHeader(head, limits?.imagePixels ?? Number.POSITIVE_INFINITY), refusal: null };
  } catch (error) {
    const refusal = error instanceof Problem ? error.details.detail : 'The file cannot be read.';
    return { contentType: file.type, width: null, height: null, refusal };
  }
}
