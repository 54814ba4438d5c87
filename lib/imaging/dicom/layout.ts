import type { ColorModel } from './color.ts';
import type { DataSet } from './data-set.ts';
import { corrupt, unsupported } from './problems.ts';

/** What a data set says about its frames (PS3.3 C.7.6.3). */
export interface Layout {
  width: number;
  height: number;
  frames: number;
  samplesPerPixel: 1 | 3;
  bitsAllocated: 1 | 8 | 16 | 32;
  kind: 'gray' | 'palette' | ColorModel;
  /** Whether low values are shown bright. */
  inverted: boolean;
  /** Whether the samples of a color come plane by plane. */
  planar: boolean;
}

const kinds: Record<1 | 3, Record<string, Layout['kind']>> = {
  1: { MONOCHROME1: 'gray', MONOCHROME2: 'gray', 'PALETTE COLOR': 'palette' },
  // The codecs of JPEG 2000 turn YBR_ICT and YBR_RCT into RGB themselves.
  3: { RGB: 'RGB', YBR_FULL: 'YBR_FULL', YBR_FULL_422: 'YBR_FULL_422', YBR_ICT: 'RGB', YBR_RCT: 'RGB' },
};
const bitsRead = [1, 8, 16, 32] as const;

/** Throws `corrupt-image` where there is no image, and `unsupported-image` for what is not read, naming attribute and value. */
export function layoutOf(dataSet: DataSet): Layout {
  const [height, width] = [dataSet.number('Rows') ?? 0, dataSet.number('Columns') ?? 0];
  if (!(width > 0 && height > 0)) throw corrupt('it has no image');
  const samplesPerPixel = dataSet.number('SamplesPerPixel') ?? 1;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw unsupported(`SamplesPerPixel is ${samplesPerPixel}; 1 and 3 are supported`);
  }
  const model = dataSet.text('PhotometricInterpretation') ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2');
  const readable = Object.keys(kinds[samplesPerPixel]);
  if (!readable.includes(model)) {
    const detail = `PhotometricInterpretation is ${model} with SamplesPerPixel ${samplesPerPixel}`;
    throw unsupported(`${detail}; ${readable.join(', ')} are supported`);
  }
  const planar = samplesPerPixel === 3 && dataSet.number('PlanarConfiguration') === 1;
  return {
    width,
    height,
    frames: Math.max(1, Math.floor(dataSet.number('NumberOfFrames') ?? 1)),
    samplesPerPixel,
    bitsAllocated: bitsAllocatedOf(dataSet, samplesPerPixel),
    kind: kinds[samplesPerPixel][model],
    inverted: model === 'MONOCHROME1',
    planar,
  };
}

function bitsAllocatedOf(dataSet: DataSet, samplesPerPixel: 1 | 3): Layout['bitsAllocated'] {
  // Floating-point pixels come in elements of their own, which tell their size.
  if (dataSet.element('FloatPixelData') || dataSet.element('DoubleFloatPixelData')) return 32;
  const allocated = dataSet.number('BitsAllocated') ?? 16;
  const bits = bitsRead.find((bits) => bits === allocated);
  if (bits === undefined) throw unsupported(`BitsAllocated is ${allocated}; ${bitsRead.join(', ')} are supported`);
  const color = samplesPerPixel === 3;
  if (color && (bits === 1 || bits === 32)) {
    throw unsupported(`BitsAllocated is ${bits} with SamplesPerPixel 3; 8 and 16 are supported`);
  }
  return bits;
}
