import type { Modality } from '../../vision/modality.ts';
import type { Pixels } from '../pixels.ts';
import { emptyRange, extend, samplesOf, spread, spreadValues, type ValueRange } from '../value-range.ts';
import type { DataSet } from './data-set.ts';
import { type LookupTable, lookUp, readLookupTable } from './lookup-table.ts';
import { type Samples, valueReader, type Words } from './stored-values.ts';

type Frame = Pick<Pixels, 'data' | 'channels' | 'depth' | 'modality' | 'scaledFrom'>;
type Window = Modality['window'];

/** How a frame's values are to be understood and shown; enhanced objects say it for all frames together, or for each. */
interface Presentation {
  /** From a stored value to the modality's (PS3.3 C.11.1). */
  toModality(stored: number): number;
  /** Whether whole modality values can tell stored values apart. */
  wholeNumbers: boolean;
  window: Window | undefined;
  voi: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  voiTable: LookupTable | undefined;
  inverted: boolean;
  /** A stored value that stands for no measurement. */
  padding: number | undefined;
}

/**
 * Makes gray pixels of a frame. With 16 bits, samples are the modality's values (Hounsfield units in CT) with an offset, or,
 * where 16 bits cannot hold the values, they are scaled by their own range. With 8 bits, the file's own window or VOI
 * table is applied, or all the range shown. Samples of MONOCHROME1 run against the values, so that bright ones are shown bright.
 */
export function grayFrame(dataSet: DataSet, samples: Samples, index: number, maxDepth: 8 | 16): Frame {
  const presentation = presentationOf(dataSet, samples, index);
  return samples.words.BYTES_PER_ELEMENT <= 2
    ? narrowFrame(samples, presentation, maxDepth)
    : wideFrame(samples, presentation, maxDepth);
}

/** Samples of 1 bit are black and white. */
export function bilevelFrame({ words }: Samples, inverted: boolean): Frame {
  const on = inverted ? 0 : 255;
  const data = Buffer.allocUnsafeSlow(words.length);
  for (let i = 0; i < data.length; i++) data[i] = words[i] ? on : 255 - on;
  return { data, channels: 1, depth: 8 };
}

/** Samples of up to 16 bits go through a table of all that there can be. */
function narrowFrame({ words, ...bits }: Samples, presentation: Presentation, maxDepth: 8 | 16): Frame {
  const read = valueReader({ words, ...bits });
  const seen = new Uint8Array(words.BYTES_PER_ELEMENT === 1 ? 256 : 65_536);
  for (let i = 0; i < words.length; i++) seen[words[i]] = 1;
  const values = new Float64Array(seen.length);
  const [all, measured] = [emptyRange(), emptyRange()];
  for (let word = 0; word < seen.length; word++) {
    if (!seen[word]) continue;
    const stored = read(word);
    const value = presentation.toModality(stored);
    values[word] = value;
    extend(all, value);
    if (stored !== presentation.padding) extend(measured, value);
  }
  const shown = measured.min <= measured.max ? measured : all;
  const { sample, ...frame } = rendering(presentation, all, shown, maxDepth);
  const table = frame.depth === 16 ? new Uint16Array(seen.length) : new Uint8ClampedArray(seen.length);
  for (let word = 0; word < seen.length; word++) if (seen[word]) table[word] = sample(values[word]);
  const target = samplesOf(words.length, frame.depth);
  for (let i = 0; i < target.length; i++) target[i] = table[words[i]];
  return { ...frame, data: Buffer.from(target.buffer), channels: 1 };
}

/** Samples of 32 bits and floating-point ones never fit: they are scaled, and that is said. */
function wideFrame(samples: Samples, presentation: Presentation, maxDepth: 8 | 16): Frame {
  const { words } = samples;
  const integers = words instanceof Uint32Array;
  const read = integers ? valueReader(samples) : (word: number) => word;
  const range = emptyRange();
  for (let i = 0; i < words.length; i++) {
    const stored = read(words[i]);
    if (stored !== presentation.padding) extend(range, presentation.toModality(stored));
  }
  if (range.min > range.max) [range.min, range.max] = [0, 0];
  const { sample, ...frame } = scaled(presentation, range, maxDepth);
  const target = samplesOf(words.length, frame.depth);
  for (let i = 0; i < words.length; i++) target[i] = sample(presentation.toModality(read(words[i])));
  return { ...frame, data: Buffer.from(target.buffer), channels: 1 };
}

type Rendering = Omit<Frame, 'data' | 'channels'> & { sample(value: number): number };

/** `all` is the range of the values, `shown` that of those that are measurements. */
function rendering(presentation: Presentation, all: ValueRange, shown: ValueRange, maxDepth: 8 | 16): Rendering {
  const { inverted, voi, voiTable, wholeNumbers, window } = presentation;
  if (maxDepth === 8) {
    if (window) return { depth: 8, sample: windowed(window, voi, inverted) };
    return voiTable ? { depth: 8, sample: throughTable(voiTable, inverted) } : scaled(presentation, shown, 8);
  }
  // The value of sample 0, or of the last sample.
  const offset = all.min < 0 ? -32_768 : 0;
  const fits = wholeNumbers && all.min >= offset && all.max <= offset + 65_535;
  if (!fits) return scaled(presentation, shown, maxDepth);
  const values = inverted ? { offset: offset + 65_535, factor: -1 } : { offset, factor: 1 };
  const modality = { values, window: window ?? tableWindow(voiTable) ?? fullWindow(shown) };
  return { depth: 16, modality, sample: (value) => Math.round((value - values.offset) * values.factor) };
}

/** Spreads the range over all samples; a window goes along. */
function scaled({ window, voi, inverted }: Presentation, from: ValueRange, maxDepth: 8 | 16): Rendering {
  const { min, max } = from;
  if (maxDepth === 8 && window) {
    const least = window.center - window.width / 2;
    // A linear window of w values reaches from the first to the last of them.
    const shown = { min: least, max: least + window.width - (voi === 'LINEAR' ? 1 : 0) };
    return { depth: 8, scaledFrom: shown, sample: windowed(window, voi, inverted) };
  }
  const sample = spread(from, maxDepth, inverted);
  if (maxDepth === 8) return { depth: 8, scaledFrom: from, sample };
  const values = spreadValues(from, inverted);
  const step = Math.abs(values.factor);
  const whole = { center: (min + max + step) / 2, width: max - min + step };
  return { depth: 16, scaledFrom: from, modality: { values, window: window ?? whole }, sample };
}

/** The window that shows a range of whole numbers from black to white. */
function fullWindow({ min, max }: ValueRange): Window {
  return { center: (min + max + 1) / 2, width: Math.max(1, max - min + 1) };
}

/** The part of the range that a VOI table is about. */
function tableWindow(table: LookupTable | undefined): Window | undefined {
  return table && fullWindow({ min: table.first, max: table.first + table.entries.length - 1 });
}

/** The VOI functions of PS3.3 C.11.2.1.2 and C.11.2.1.3, on 8 bits, to be rounded and clamped. */
function windowed({ center, width }: Window, voi: Presentation['voi'], inverted: boolean): (value: number) => number {
  const slope = 255 / (voi === 'LINEAR' ? Math.max(1, width - 1) : width);
  const show = {
    LINEAR: (value: number) => (value - (center - 0.5)) * slope + 127.5,
    LINEAR_EXACT: (value: number) => (value - center) * slope + 127.5,
    SIGMOID: (value: number) => 255 / (1 + Math.exp((-4 * (value - center)) / width)),
  }[voi];
  return inverted ? (value) => 255 - show(value) : show;
}

function throughTable(table: LookupTable, inverted: boolean): (value: number) => number {
  const factor = 255 / (2 ** table.bits - 1);
  return (value) => {
    const shown = lookUp(table, Math.round(value)) * factor;
    return inverted ? 255 - shown : shown;
  };
}

function presentationOf(dataSet: DataSet, samples: Samples, index: number): Presentation {
  const own = dataSet.item('PerFrameFunctionalGroupsSequence', index);
  const shared = dataSet.item('SharedFunctionalGroupsSequence');
  const group = (name: 'PixelValueTransformationSequence' | 'FrameVOILUTSequence') =>
    own?.item(name) ?? shared?.item(name) ?? dataSet;
  const transformation = group('PixelValueTransformationSequence');
  const shown = group('FrameVOILUTSequence');
  const modalityTable = readLookupTable(
    dataSet.item('ModalityLUTSequence'),
    'LUTDescriptor',
    'LUTData',
    samples.signed,
  );
  const slope = transformation.number('RescaleSlope') || dataSet.number('DoseGridScaling') || 1;
  const intercept = transformation.number('RescaleIntercept') ?? 0;
  const voi = shown.text('VOILUTFunction');
  const inverted = dataSet.text('PhotometricInterpretation') === 'MONOCHROME1';
  return {
    toModality: modalityTable ? (value) => lookUp(modalityTable, value) : (value) => value * slope + intercept,
    wholeNumbers: modalityTable !== undefined || Math.abs(slope) >= 1,
    window: windowOf(shown, voi === 'LINEAR_EXACT' || voi === 'SIGMOID'),
    voi: voi === 'LINEAR_EXACT' || voi === 'SIGMOID' ? voi : 'LINEAR',
    voiTable: readLookupTable(
      shown.item('VOILUTSequence'),
      'LUTDescriptor',
      'LUTData',
      modalityTable === undefined && (samples.signed || intercept < 0),
    ),
    inverted,
    padding: paddingOf(dataSet, samples),
  };
}

/** The first window of those that the file has, where it is one: linear windows are at least 1 wide, others more than 0. */
function windowOf(dataSet: DataSet, exact: boolean): Window | undefined {
  const [center, width] = [dataSet.number('WindowCenter'), dataSet.number('WindowWidth')];
  if (center === undefined || width === undefined) return undefined;
  return (exact ? width > 0 : width >= 1) ? { center, width } : undefined;
}

function paddingOf(dataSet: DataSet, samples: Samples): number | undefined {
  const padding = dataSet.number('PixelPaddingValue');
  return padding === undefined || isFloat(samples.words) ? undefined : valueReader(samples)(padding << samples.lowBit);
}

function isFloat(words: Words): boolean {
  return words instanceof Float32Array || words instanceof Float64Array;
}
