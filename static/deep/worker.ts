/** Decodes files that browsers do not show, or not in full depth. */
import './node-buffer.ts';
import { decodeCube, isCube } from '../../lib/imaging/cube-lut.ts';
import { decodeDicom } from '../../lib/imaging/decode-dicom.ts';
import { isDicom } from '../../lib/imaging/dicom/encoding.ts';
import type { Pixels } from '../../lib/imaging/pixels.ts';
import { type DeepImage, middleOfDeep, reducedDeep } from './deep-image.ts';
import { depthOf } from './depth-of.ts';
import { decodeDeepPng, isDeepPng } from './png.ts';
import { decodeTiff } from './tiff.ts';

export interface DecodeRequest {
  file: Blob;
  /** From 1 on. */
  page: number;
  /** Longer sides are reduced, or only their middle given. */
  maxSide: number;
  middle: boolean;
}

export interface Decoded {
  image: DeepImage;
  pages: number;
  /** The length of the image over that of the file's. */
  scale: number;
}

export type DecodeAnswer = Decoded | { fault: string };

const maxPixels = 100e6;

async function decode(bytes: Uint8Array<ArrayBuffer>, page: number): Promise<DeepImage & { pages: number }> {
  if (isDeepPng(bytes)) return { ...(await decodeDeepPng(bytes)), pages: 1 };
  if (isDicom(bytes)) return deepOf(await decodeDicom(bytes, { page, maxDepth: 16, maxPixels, alpha: 'flattened' }));
  if (isCube(bytes)) return deepOf(decodeCube(bytes, { maxDepth: 16, maxPixels, alpha: 'flattened' }));
  return decodeTiff(bytes, page);
}

function deepOf({ data, width, height, channels, depth, modality, pages }: Pixels): DeepImage & { pages: number } {
  const samples =
    depth === 16
      ? new Uint16Array(data.buffer as ArrayBuffer, data.byteOffset, data.length / 2)
      : Uint8Array.from(data);
  return { width, height, channels: channels as 1 | 3, data: samples, modality, pages };
}

async function answer({ file, page, maxSide, middle }: DecodeRequest): Promise<DecodeAnswer> {
  const { pages, ...decoded } = await decode(new Uint8Array(await file.arrayBuffer()), page);
  const image = { ...decoded, ...depthOf(decoded) };
  if (middle) return { image: middleOfDeep(image, maxSide), pages, scale: 1 };
  const reduced = reducedDeep(image, maxSide);
  return { image: reduced, pages, scale: reduced.width / image.width };
}

self.onmessage = async ({ data }: MessageEvent<DecodeRequest>) => {
  const given = await answer(data).catch((error: unknown): DecodeAnswer => ({ fault: (error as Error).message }));
  self.postMessage(given, { transfer: 'image' in given ? [given.image.data.buffer] : [] });
};
