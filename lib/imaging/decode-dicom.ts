import { createRequire } from 'node:module';
import { type Problem, problem } from '../problems.ts';
import type { DecodeOptions, Pixels } from './decode.ts';
import { checkPixels } from './image-problems.ts';

/** The elements that matter for pixels (DICOM PS3.3 C.7.6.3, C.11.1, C.11.2), by keyword. Whatever else is in the file, the patient above all, is not looked at. */
interface ImagePixel {
  Rows?: number;
  Columns?: number;
  NumberOfFrames?: number;
  SamplesPerPixel?: number;
  PhotometricInterpretation?: string;
  PlanarConfiguration?: number;
  BitsAllocated?: number;
  BitsStored?: number;
  PixelRepresentation?: number;
  RescaleSlope?: number | number[];
  RescaleIntercept?: number | number[];
  WindowCenter?: number | number[];
  WindowWidth?: number | number[];
  PixelData?: ArrayBuffer | ArrayBuffer[];
}

interface Libraries {
  dcmjs: {
    data: {
      DicomMessage: { readFile(file: ArrayBuffer): { dict: object } };
      DicomMetaDictionary: { naturalizeDataset(dict: object): ImagePixel };
    };
    log: { setLevel(level: string): void };
  };
  codecs: {
    NativeCodecs: { initializeAsync(): Promise<void> };
    Transcoder: new (file: ArrayBuffer) => { transcode(syntax: string): void; getDicomPart10(): ArrayBuffer };
  };
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
/** All frames are decoded to reach one: together they may have so many times the pixels of the largest image. */
const maxFramesFactor = 4;

let loading: Promise<Libraries> | undefined;

/** Loaded with the first DICOM file: its codecs are 4 MB of WASM. */
function loadLibraries(): Promise<Libraries> {
  loading ??= (async () => {
    const require = createRequire(import.meta.url);
    const { dcmjs, codecs }: Libraries = { dcmjs: require('dcmjs'), codecs: require('dcmjs-codecs') };
    dcmjs.log.setLevel('silent');
    await codecs.NativeCodecs.initializeAsync();
    return { dcmjs, codecs };
  })();
  return loading;
}

export function isDicom(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', 128, 132) === 'DICM';
}

/**
 * Decodes a frame of a DICOM file. Gray values have the rescale slope and intercept applied: with 16 bits, a sample less
 * `zero` is the modality's value (Hounsfield units in CT); with 8 bits, the file's own window is applied, or all its range shown.
 * Throws `corrupt-image`, `too-many-pixels`, and `invalid-parameter` for a page that is not there.
 */
export async function decodeDicom(bytes: Uint8Array, options: DecodeOptions): Promise<Pixels> {
  const libraries = await loadLibraries();
  const header = attempt(() => readElements(libraries, copyOf(bytes)));
  const { Rows: height = 0, Columns: width = 0, NumberOfFrames: frames = 1 } = header;
  if (!(width > 0 && height > 0)) throw corrupt('it has no image');
  checkPixels(width, height, options.maxPixels);
  checkPixels(width * frames, height, maxFramesFactor * options.maxPixels);
  options.check?.(width * height);
  const page = options.page ?? 1;
  if (page > frames) throw noSuchPage(page, frames);
  checkComplete(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const elements = attempt(() => readElements(libraries, uncompressed(libraries, copyOf(bytes))));
  const model = header.PhotometricInterpretation ?? '';
  const colour = elements.SamplesPerPixel === 3;
  if (model === 'PALETTE COLOR' || (colour && elements.PhotometricInterpretation !== 'RGB')) {
    throw corrupt(`the colour model ${model} is not supported`);
  }
  const decoded = colour ? colourFrame(elements, page) : grayFrame(elements, page, options.maxDepth);
  return { ...decoded, width, height, format: 'dicom', pages: frames };
}

export function noSuchPage(page: number, pages: number): Problem {
  return problem('invalid-parameter', `page is ${page}, and the image has ${pages}.`, { field: 'page' });
}

/** The libraries take a buffer of its own, and may write to it. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function readElements({ dcmjs }: Libraries, file: ArrayBuffer): ImagePixel {
  const { DicomMessage, DicomMetaDictionary } = dcmjs.data;
  return DicomMetaDictionary.naturalizeDataset(DicomMessage.readFile(file).dict);
}

function uncompressed({ codecs }: Libraries, file: ArrayBuffer): ArrayBuffer {
  const transcoder = new codecs.Transcoder(file);
  transcoder.transcode(explicitLittleEndian);
  return transcoder.getDicomPart10();
}

/** Tag (7FE0,0010), little-endian, and the length that stands for "in fragments". */
const pixelDataTag = Buffer.from([0xe0, 0x7f, 0x10, 0x00]);
const undefinedLength = 0xff_ff_ff_ff;

/** The libraries fill pixel data that end early with zeros; here they are damage. */
function checkComplete(file: Buffer): void {
  const tag = file.indexOf(pixelDataTag);
  if (tag < 0 || tag + 12 > file.length) return;
  // With an explicit value representation, its two letters and two empty bytes stand before the length.
  const lengthAt = /^O[BW]/.test(file.toString('latin1', tag + 4, tag + 6)) ? tag + 8 : tag + 4;
  const length = file.readUInt32LE(lengthAt);
  if (length !== undefinedLength && lengthAt + 4 + length > file.length) throw corrupt('its pixel data end early');
}

/** The libraries throw errors of all kinds at files they cannot read. */
function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw corrupt(error instanceof Error ? error.message : String(error));
  }
}

function corrupt(reason: string): Problem {
  return problem('corrupt-image', `The DICOM file cannot be decoded: ${reason}.`);
}

function frameBytes(elements: ImagePixel, page: number, length: number): Uint8Array {
  const data = Array.isArray(elements.PixelData) ? elements.PixelData[0] : elements.PixelData;
  if (!data || data.byteLength < page * length) throw corrupt('its pixel data end early');
  return new Uint8Array(data.slice((page - 1) * length, page * length));
}

function colourFrame(elements: ImagePixel, page: number): Omit<Pixels, 'width' | 'height' | 'format' | 'pages'> {
  const { Rows = 0, Columns = 0, BitsAllocated, PlanarConfiguration } = elements;
  if (BitsAllocated !== 8) throw corrupt(`colour of ${BitsAllocated} bits is not supported`);
  const pixels = Rows * Columns;
  const samples = frameBytes(elements, page, 3 * pixels);
  if (PlanarConfiguration !== 1) return { data: Buffer.from(samples.buffer), channels: 3, depth: 8 };
  const data = Buffer.allocUnsafeSlow(3 * pixels);
  for (let i = 0; i < pixels; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = samples[c * pixels + i];
  return { data, channels: 3, depth: 8 };
}

function grayFrame(
  elements: ImagePixel,
  page: number,
  maxDepth: 8 | 16,
): Omit<Pixels, 'width' | 'height' | 'format' | 'pages'> {
  const values = modalityValues(elements, page);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const window = windowOf(elements) ?? { centre: (least + most + 1) / 2, width: Math.max(1, most - least + 1) };
  const inverted = elements.PhotometricInterpretation === 'MONOCHROME1';
  if (maxDepth === 8) return { data: windowed(values, window, inverted), channels: 1, depth: 8 };
  const zero = least < 0 ? 32_768 : 0;
  const data = Buffer.allocUnsafeSlow(2 * values.length);
  const samples = new Uint16Array(data.buffer);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.min(65_535, Math.max(0, Math.round(values[i] + zero)));
  return { data, channels: 1, depth: 16, modality: { zero, window, inverted } };
}

/** Stored values with rescale slope and intercept applied (PS3.3 C.11.1.1.2). */
function modalityValues(elements: ImagePixel, page: number): Float32Array {
  const { Rows = 0, Columns = 0, BitsAllocated = 16, BitsStored = BitsAllocated, PixelRepresentation = 0 } = elements;
  if (BitsAllocated !== 8 && BitsAllocated !== 16) throw corrupt(`gray of ${BitsAllocated} bits is not supported`);
  const count = Rows * Columns;
  const bytes = frameBytes(elements, page, (count * BitsAllocated) / 8);
  const stored = BitsAllocated === 8 ? bytes : new Uint16Array(bytes.buffer);
  // Bits above those stored are not part of the value; of signed values the highest stored bit is the sign.
  const unused = 32 - BitsStored;
  const [slope, intercept] = [first(elements.RescaleSlope) ?? 1, first(elements.RescaleIntercept) ?? 0];
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const shifted = stored[i] << unused;
    values[i] = (PixelRepresentation === 1 ? shifted >> unused : shifted >>> unused) * slope + intercept;
  }
  return values;
}

function windowOf({ WindowCenter, WindowWidth }: ImagePixel) {
  const [centre, width] = [first(WindowCenter), first(WindowWidth)];
  return centre === undefined || width === undefined || !(width >= 1) ? null : { centre, width };
}

/** The first of several values, where an element has them. */
function first(value: number | number[] | undefined): number | undefined {
  const number = Array.isArray(value) ? value[0] : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The linear VOI function (PS3.3 C.11.2.1.2.1) on 8 bits. */
function windowed(
  values: Float32Array,
  { centre, width }: { centre: number; width: number },
  inverted: boolean,
): Buffer {
  const data = new Uint8ClampedArray(values.length);
  const slope = 255 / Math.max(1, width - 1);
  for (let i = 0; i < data.length; i++) {
    const shown = (values[i] - (centre - 0.5)) * slope + 127.5;
    data[i] = inverted ? 255 - shown : shown;
  }
  return Buffer.from(data.buffer);
}
