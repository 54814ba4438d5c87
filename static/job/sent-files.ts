/** Images that this page has just sent: they are shown from memory rather than downloaded again. */
import { canShow, type Picked } from '../compose/images.ts';
import { isDecodedHere } from '../deep/decode.ts';

/** Of larger files the rendition is as quick, and takes less memory. */
const maxBytes = 8 * 2 ** 20;
const maxKept = 100;

/** The URLs of the last job's images, by task. */
let kept = new Map<string, string>();

/** `images` in the order in which they were submitted. */
export async function keepSent(jobId: string, images: readonly Picked[]): Promise<void> {
  const first = await Promise.all(images.slice(0, maxKept).map(urlOf));
  kept = new Map(first.flatMap((url, index) => (url === null ? [] : [[`${jobId}-${index}`, url]])));
}

export function sentUrl(taskId: string): string | null {
  return kept.get(taskId) ?? null;
}

/** Null for what a browser would show otherwise than the service: animations, and samples of 16 bits. */
async function urlOf(image: Picked): Promise<string | null> {
  const { contentType, file, url } = image;
  const isAlike = canShow(image) && contentType !== 'image/gif' && file.size <= maxBytes;
  return isAlike && !(await isDecodedHere(image)) ? url : null;
}
