import { createRequire } from 'node:module';
import { type Codestream, readJpeg2000Header, readJpegHeader } from './codestream.ts';
import { corrupt, unsupported } from './problems.ts';
import type { Compression } from './transfer-syntaxes.ts';

type Codecs = typeof import('dcmjs-codecs');

/** A decoded frame: little-endian samples of 8 bits, or of 16 where they have more. */
export interface Decoded extends Codestream {
  data: Uint8Array;
}

/** What the data set says about a frame. */
interface Expected {
  width: number;
  height: number;
  samples: number;
  /** Whether its color is to be converted to RGB, where the codec can. */
  toRgb: boolean;
}

const titles = { jpeg: 'JPEG', 'jpeg-ls': 'JPEG-LS', 'jpeg-2000': 'JPEG 2000', 'ht-jpeg-2000': 'JPEG 2000' };

/** The codecs' memory only grows; after an image of more pixels it is given back. */
const maxPixelsToKeep = 4e6;

/** Of these kinds, codecs fill in what is missing at the end, or look for it for long. */
const endsUnnoticed = new Set<Compression>(['jpeg', 'jpeg-ls', 'ht-jpeg-2000']);

let codecs: Promise<Codecs> | undefined;

/** Loaded with the first compressed DICOM file: 4 MB of WebAssembly. */
async function loadCodecs(): Promise<Codecs> {
  const loaded: Codecs = createRequire(import.meta.url)('dcmjs-codecs');
  await loaded.NativeCodecs.initializeAsync();
  return loaded;
}

/**
 * Decodes a compressed frame. Its header is held against the data set first: the codecs trust the sizes they are given.
 * Throws `corrupt-image` and `unsupported-image`.
 */
export async function decodeFrame(
  frame: Uint8Array,
  compression: Exclude<Compression, 'none' | 'rle'>,
  expected: Expected,
): Promise<Decoded> {
  const title = titles[compression];
  const header = compression.endsWith('2000') ? readJpeg2000Header(frame) : readJpegHeader(frame);
  const { width, height, samples, bits, signed } = header;
  if (width !== expected.width || height !== expected.height) {
    throw corrupt(
      `Columns × Rows is ${expected.width} × ${expected.height}, and its ${title} image ${width} × ${height}`,
    );
  }
  if (samples !== expected.samples) {
    throw corrupt(`SamplesPerPixel is ${expected.samples}, and its ${title} image has ${samples} components`);
  }
  if (bits > 16) throw unsupported(`its ${title} image has ${bits} bits per sample; at most 16 are supported`);
  if (compression === 'jpeg-2000' && samples > 1 && bits > 8) {
    throw unsupported(`its ${title} image has ${samples} components of ${bits} bits, and color of 8 is read`);
  }
  if (compression === 'ht-jpeg-2000' && samples > 1 && !header.transformed) {
    throw unsupported(`its ${title} image is of the high-throughput kind and has color without a color transform`);
  }
  if (endsUnnoticed.has(compression) && !hasEnd(frame)) throw corrupt('its pixel data end early');
  // HTJ2K's values are clamped to what the type holds; negative ones need the wider.
  const bytes = bits > 8 || (signed && compression === 'ht-jpeg-2000') ? 2 : 1;
  codecs ??= loadCodecs();
  const { NativeCodecs, Context } = await codecs;
  const context = new Context({
    width,
    height,
    bitsAllocated: 8 * bytes,
    bitsStored: bits,
    samplesPerPixel: samples,
    pixelRepresentation: signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: samples === 1 ? 'MONOCHROME2' : expected.toRgb ? 'YBR_FULL' : 'RGB',
    encodedBuffer: frame,
  });
  try {
    const data = (() => {
      if (compression === 'jpeg') return NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: expected.toRgb });
      if (compression === 'jpeg-ls') return NativeCodecs.decodeJpegLs(context);
      if (compression === 'jpeg-2000') return NativeCodecs.decodeJpeg2000(context);
      return NativeCodecs.decodeHtJpeg2000(context);
    })().getDecodedBuffer();
    if (data?.length !== width * height * samples * bytes) throw new Error('the frame is incomplete');
    if (width * height > maxPixelsToKeep) release(NativeCodecs);
    return { ...header, data };
  } catch (error) {
    // What a codec had taken when it failed stays taken.
    release(NativeCodecs);
    throw corrupt(`its ${title} image is damaged (${reasonOf(error)})`);
  }
}

/** The marker at the end of the image, EOI or EOC, does not occur within its data. */
function hasEnd(frame: Uint8Array): boolean {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.length).lastIndexOf('ffd9', undefined, 'hex') >= 0;
}

/** Without the names of the codec's functions; where its code has crashed, its message says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error.name === 'RuntimeError') return 'the codec gave up';
  return error.message.split('::').at(-1)?.trim() ?? '';
}

function release(native: Codecs['NativeCodecs']): void {
  native.release();
  codecs = undefined;
}
