import { maxPage } from '../../limits.ts';

/** What a page of a TIFF file says about its samples (TIFF 6.0, section 8; BigTIFF's design). */
export interface TiffDirectory {
  /** Of each sample; all pages that are read have the same for all. */
  bitsPerSample: number[];
  compression: number;
  photometric: number | undefined;
  samplesPerPixel: number;
  separatePlanes: boolean;
  tiled: boolean;
  /** What the samples beyond the color's are: 0 not said, 1 and 2 transparency. */
  extraSamples: number[];
  sampleFormat: number;
  /** Pixels per unit. */
  resolution: { x: number; y: number } | undefined;
  /** 1 none, 2 inch, 3 centimeter. */
  resolutionUnit: number;
  description: string | undefined;
}

const tagNames: Record<number, string> = {
  258: 'bitsPerSample',
  259: 'compression',
  262: 'photometric',
  270: 'description',
  277: 'samplesPerPixel',
  282: 'xResolution',
  283: 'yResolution',
  284: 'planarConfiguration',
  296: 'resolutionUnit',
  322: 'tileWidth',
  338: 'extraSamples',
  339: 'sampleFormat',
};
/** BYTE, ASCII, SHORT, LONG, RATIONAL and LONG8 in bytes. */
const typeSizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 16: 8 };
const rational = 5;
const maxValues = 16;
/** Of a description: OME-XML of large files is long, and what matters stands at its beginning. */
const maxCharacters = 65_536;

/** Whether the bytes begin as TIFF or BigTIFF does. */
export function isTiff(bytes: Uint8Array): boolean {
  return /^(II[*+]\0|MM\0[*+])/.test(String.fromCharCode(...bytes.subarray(0, 4)));
}

/** Reads the directory of `page`, counted from 1; undefined where it is damaged or not there, which the decoder tells. */
export function readDirectory(bytes: Uint8Array, page: number): TiffDirectory | undefined {
  try {
    return new Reader(bytes).directory(page);
  } catch (error) {
    // Of a DataView, at an offset beyond the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

class Reader {
  readonly #view: DataView;
  readonly #little: boolean;
  /** Offsets and counts of BigTIFF take 8 bytes. */
  readonly #big: boolean;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#little = bytes[0] === 0x49;
    this.#big = this.#view.getUint16(2, this.#little) === 43;
  }

  directory(page: number): TiffDirectory | undefined {
    let at = this.#offset(this.#big ? 8 : 4);
    // A damaged file's directories may follow each other in a circle.
    if (page > maxPage) return undefined;
    for (let i = 1; i < page && at !== 0; i++) at = this.#offset(this.#entriesOf(at).end);
    if (at === 0) return undefined;
    const values = this.#values(at);
    const first = (name: string) => values.get(name)?.[0];
    const [x, y] = [first('xResolution') ?? 0, first('yResolution') ?? first('xResolution') ?? 0];
    const text = values.get('description');
    return {
      bitsPerSample: values.get('bitsPerSample') ?? [1],
      compression: first('compression') ?? 1,
      photometric: first('photometric'),
      samplesPerPixel: first('samplesPerPixel') ?? 1,
      separatePlanes: first('planarConfiguration') === 2,
      tiled: values.has('tileWidth'),
      extraSamples: values.get('extraSamples') ?? [],
      sampleFormat: first('sampleFormat') ?? 1,
      resolution: x > 0 && y > 0 ? { x, y } : undefined,
      resolutionUnit: first('resolutionUnit') ?? 2,
      description: text && new TextDecoder().decode(Uint8Array.from(text)).replaceAll('\0', ''),
    };
  }

  #entriesOf(directory: number) {
    const count = this.#big ? this.#long(directory) : this.#view.getUint16(directory, this.#little);
    const start = directory + (this.#big ? 8 : 2);
    return { start, end: start + count * this.#entrySize };
  }

  #values(directory: number): Map<string, number[]> {
    const values = new Map<string, number[]>();
    const { start, end } = this.#entriesOf(directory);
    for (let at = start; at < end; at += this.#entrySize) {
      const name = tagNames[this.#view.getUint16(at, this.#little)];
      const type = this.#view.getUint16(at + 2, this.#little);
      const size = typeSizes[type];
      if (!name || !size) continue;
      const count = this.#offset(at + 4);
      const inline = at + (this.#big ? 12 : 8);
      const from = count * size <= (this.#big ? 8 : 4) ? inline : this.#offset(inline);
      const length = Math.min(count, name === 'description' ? maxCharacters : maxValues);
      values.set(
        name,
        Array.from({ length }, (_, i) =>
          type === rational ? this.#rational(from + i * size) : this.#read(from + i * size, size),
        ),
      );
    }
    return values;
  }

  get #entrySize(): number {
    return this.#big ? 20 : 12;
  }

  /** An offset or a count. */
  #offset(at: number): number {
    return this.#big ? this.#long(at) : this.#view.getUint32(at, this.#little);
  }

  #long(at: number): number {
    return Number(this.#view.getBigUint64(at, this.#little));
  }

  /** Not a number where the denominator is 0. */
  #rational(at: number): number {
    const [numerator, denominator] = [this.#read(at, 4), this.#read(at + 4, 4)];
    return denominator === 0 ? Number.NaN : numerator / denominator;
  }

  #read(at: number, size: number): number {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, this.#little);
    return size === 4 ? this.#view.getUint32(at, this.#little) : this.#long(at);
  }
}
