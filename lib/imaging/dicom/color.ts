import type { Pixels } from '../pixels.ts';
import type { DataSet } from './data-set.ts';
import { type LookupTable, lookUp, readLookupTable } from './lookup-table.ts';
import { unsupported } from './problems.ts';
import { type Samples, valueReader } from './stored-values.ts';

type Frame = Pick<Pixels, 'data' | 'channels' | 'depth'>;
type Bytes = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** How three samples stand for a color (PS3.3 C.7.6.3.1.2). */
export type ColorModel = 'RGB' | 'YBR_FULL' | 'YBR_FULL_422';

/** Makes RGB pixels of three samples each; with `planar` they come as three planes. Samples of more than 8 bits are kept where 16 are wanted. */
export function colorFrame(
  samples: Samples,
  model: ColorModel,
  planar: boolean,
  pixels: number,
  maxDepth: 8 | 16,
): Frame {
  const { words } = samples;
  const depth = samples.bitsStored > 8 ? maxDepth : 8;
  const target: Bytes = depth === 16 ? new Uint16Array(3 * pixels) : new Uint8Array(3 * pixels);
  const table = scaleTable(samples, depth);
  if (model === 'YBR_FULL_422') {
    // Two luminances, then the chrominances that they share.
    for (let i = 0, from = 0; i < pixels; i++, from += i % 2 === 0 ? 4 : 0) {
      target[3 * i] = table[words[from + (i % 2)]];
      target[3 * i + 1] = table[words[from + 2]];
      target[3 * i + 2] = table[words[from + 3]];
    }
  } else {
    const [step, plane] = planar ? [1, pixels] : [3, 1];
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < 3; c++) target[3 * i + c] = table[words[step * i + plane * c]];
    }
  }
  if (model !== 'RGB') toRgb(target, depth);
  return { data: Buffer.from(target.buffer), channels: 3, depth };
}

/** Makes RGB pixels of indices into the file's palette. */
export function paletteFrame(dataSet: DataSet, samples: Samples, maxDepth: 8 | 16): Frame {
  const palette = readPalette(dataSet, samples.signed);
  const depth = palette.some(({ bits }) => bits > 8) ? maxDepth : 8;
  const { words } = samples;
  const read = valueReader(samples);
  const scales = palette.map(({ bits }) => (2 ** depth - 1) / (2 ** bits - 1));
  const target: Bytes = depth === 16 ? new Uint16Array(3 * words.length) : new Uint8Array(3 * words.length);
  for (let i = 0; i < words.length; i++) {
    const index = read(words[i]);
    for (let c = 0; c < 3; c++) target[3 * i + c] = Math.round(lookUp(palette[c], index) * scales[c]);
  }
  return { data: Buffer.from(target.buffer), channels: 3, depth };
}

function readPalette(dataSet: DataSet, signed: boolean): LookupTable[] {
  return (['Red', 'Green', 'Blue'] as const).map((color) => {
    const [descriptor, data] = [
      `${color}PaletteColorLookupTableDescriptor`,
      `${color}PaletteColorLookupTableData`,
    ] as const;
    const table =
      readLookupTable(dataSet, descriptor, data, signed) ??
      readLookupTable(dataSet, descriptor, `Segmented${data}`, signed, true);
    if (!table) throw unsupported(`PhotometricInterpretation is PALETTE COLOR, and it has no ${data}`);
    return table;
  });
}

/** From words to samples of `depth` bits over the whole range. */
function scaleTable(samples: Samples, depth: 8 | 16): Uint16Array {
  const read = valueReader({ ...samples, signed: false });
  const factor = (2 ** depth - 1) / (2 ** samples.bitsStored - 1);
  const words = samples.words.BYTES_PER_ELEMENT === 1 ? 256 : 65_536;
  return Uint16Array.from({ length: words }, (_, word) => Math.round(read(word) * factor));
}

/** YCbCr of the full range to RGB, in place (ITU-R BT.601, PS3.3 C.7.6.3.1.2). */
function toRgb(samples: Bytes, depth: 8 | 16): void {
  const [top, middle] = [2 ** depth - 1, 2 ** (depth - 1)];
  const clamp = (value: number) => Math.min(top, Math.max(0, Math.round(value)));
  for (let i = 0; i < samples.length; i += 3) {
    const [y, cb, cr] = [samples[i], samples[i + 1] - middle, samples[i + 2] - middle];
    samples[i] = clamp(y + 1.402 * cr);
    samples[i + 1] = clamp(y - 0.344_136 * cb - 0.714_136 * cr);
    samples[i + 2] = clamp(y + 1.772 * cb);
  }
}
