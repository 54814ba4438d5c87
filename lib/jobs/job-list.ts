/** The list of a job's images: JSON Lines in a blob. */
import type { Storage } from '../storage/storage.ts';

/** So much of the list is read at once. */
const portionBytes = 256 * 2 ** 10;

/** An image of a job, as its list has it: a name below the owner's uploads, and what the storage says of it. */
export interface ListedImage {
  name: string;
  bytes?: number | undefined;
  /** Of the version that is meant; undefined for the one found by the task. */
  etag?: string | undefined;
}

/** An image in the list, in bytes from its beginning. */
export interface ReadImage {
  image: ListedImage;
  begin: number;
  end: number;
}

/** As many images as are whole in a portion of the list. */
export async function readImages(storage: Storage, list: string, offset: number): Promise<ReadImage[]> {
  const portion = await storage.inputs.range(list, offset, portionBytes);
  const images: ReadImage[] = [];
  for (let start = 0, end = 0; ; start = end) {
    end = portion.indexOf(0x0a, start) + 1;
    if (end === 0) return images;
    images.push({ image: JSON.parse(portion.toString('utf8', start, end)), begin: offset + start, end: offset + end });
  }
}
