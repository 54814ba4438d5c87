/** The page's side of the decoders, which run in a worker of their own. */
import type { DecodeAnswer, Decoded, DecodeRequest } from './worker.ts';

/** Throws what is the matter where the file is not read here. */
export function decodeDeep(request: DecodeRequest): Promise<Decoded> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise<Decoded>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => {
      if ('fault' in data) reject(new Error(data.fault));
      else resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error('The decoder does not work in this browser.'));
    };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

/** What is decoded here: the others are the browser's. Of PNG, the header tells: opaque ones of 16 bits. */
export async function isDecodedHere({ contentType, file }: { contentType: string; file: Blob }): Promise<boolean> {
  if (['image/tiff', 'application/dicom', 'application/x-cube-lut'].includes(contentType)) return true;
  if (contentType !== 'image/png') return false;
  const [depth, colorType, , , interlaced] = new Uint8Array(await file.slice(24, 29).arrayBuffer());
  return depth === 16 && interlaced === 0 && (colorType === 0 || colorType === 2);
}
