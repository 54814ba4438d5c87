/** What one image costs: CPU time by phase and bytes, from the measurements in operation-costs.json. */
import type { OutputOptions } from '../imaging/output.ts';
import { largeBytes, largeSide, smallSide } from '../imaging/rendition-sizes.ts';
import { findOperation, resultKindOf, type Step } from '../imaging/steps.ts';
import type { InputFormat } from './input-formats.ts';
import measurements from './operation-costs.json' with { type: 'json' };

/** A fixed part and a part per megapixel. */
interface Line {
  fixed: number;
  perMegapixel: number;
}

interface CodecCost {
  decodeMs: Line;
  encodeMs: Line;
  bytes: Line;
}

interface OperationCost {
  decodeMs: Line;
  processMs: Line;
  encodeMs: Line;
  resultBytes: Line;
  /** Pixels of the result for each pixel of the image. */
  resultPixels: number;
}

export interface Measurements {
  /** `gaugeMs`: the piece of work that the figures are scaled by (bench/gauge.ts). */
  measured: { date: string; on: string; how: string; gaugeMs: number };
  codecs: Record<InputFormat, CodecCost>;
  operations: Record<string, OperationCost>;
  /** CPU of a task apart from its image, on the instance that processes it (bench/measure-tasks.ts). */
  tasks: { processMs: number };
}

export const { measured, codecs, operations: operationCosts, tasks: taskCosts } = measurements as Measurements;

/** Images that are alike, and what is done with each. */
export interface ImageWork {
  steps: readonly Step[];
  output: OutputOptions;
  /** Of an image; a second image is as large as the first. */
  megapixels: number;
  format: InputFormat;
  /** Of an image file; as measured for the format, if left out. */
  bytes?: number | undefined;
}

/** Seconds of CPU and bytes of one image. */
export interface ImageCost {
  decodeSeconds: number;
  steps: { operation: string; seconds: number }[];
  encodeSeconds: number;
  /** All of them together. */
  seconds: number;
  /** One, or two for operations that compare. */
  inputs: number;
  /** Of all inputs. */
  inputBytes: number;
  resultBytes: number;
  /** Renditions and thumbnails that are stored beside input and result. */
  renditions: number;
}

export function costOf({ steps, output, megapixels, format, bytes }: ImageWork): ImageCost {
  const inputs = steps.some(({ operation }) => findOperation(operation).inputs.length === 2) ? 2 : 1;
  const costs = steps.map(({ operation }) => operationCosts[operation]);
  const [first, last] = [costs[0], costs[costs.length - 1]];
  let pixels = megapixels;
  const timed = steps.map((step, i) => {
    const seconds = at(costs[i].processMs, pixels) / 1000;
    pixels = resultPixels(step, pixels, costs[i].resultPixels);
    return { operation: step.operation, seconds };
  });
  // The decoder does as the first step needs it; for JPEG that was measured with the step.
  const formatFactor = at(codecs[format].decodeMs, megapixels) / at(codecs.jpeg.decodeMs, megapixels);
  const decodeSeconds = (at(first.decodeMs, megapixels) / 1000) * (format === 'jpeg' ? 1 : formatFactor);
  const encoded = encodingOf(steps, output, format, last, pixels);
  const fileBytes = bytes ?? at(codecs[format].bytes, megapixels);
  const seconds = decodeSeconds + timed.reduce((sum, step) => sum + step.seconds, 0) + encoded.seconds;
  return {
    decodeSeconds,
    steps: timed,
    encodeSeconds: encoded.seconds,
    seconds,
    inputs,
    inputBytes: inputs * fileBytes,
    resultBytes: encoded.bytes,
    renditions:
      renditionsOf(format, fileBytes, megapixels) +
      renditionsOf(encoded.format, encoded.bytes, encoded.megapixels) +
      (sideOf(encoded.megapixels) > smallSide ? 1 : 0),
  };
}

/** How the result is written: as it was measured with the last step, or as photos are in the format that is wanted. */
function encodingOf(
  steps: readonly Step[],
  output: OutputOptions,
  input: InputFormat,
  last: OperationCost,
  pixels: number,
) {
  const isPicture = resultKindOf(steps) === 'picture';
  const usual = isPicture ? input : 'png';
  const format = output.format ?? usual;
  const scale = output.width === undefined ? 1 : Math.min(1, output.width / sideOf(pixels));
  const megapixels = pixels * scale ** 2;
  const asMeasured = format === (isPicture ? 'jpeg' : 'png');
  // What the last step was measured with is its image; its result may have been smaller.
  const base = asMeasured ? pixels / Math.max(last.resultPixels, 1e-6) : pixels;
  const seconds = at(asMeasured ? last.encodeMs : codecs[format].encodeMs, base * scale ** 2) / 1000;
  const bytes = at(asMeasured ? last.resultBytes : codecs[format].bytes, base * scale ** 2);
  return { format, megapixels, seconds, bytes };
}

/** Megapixels after a step. Of operations whose parameters say the size, by these. */
function resultPixels({ operation, params }: Step, megapixels: number, measuredRatio: number): number {
  const { width, height, fit } = params as { width?: number; height?: number; fit?: string };
  if (operation !== 'resize' && operation !== 'crop') return megapixels * measuredRatio;
  if (operation === 'crop')
    return Math.min(megapixels, ((width ?? sideOf(megapixels)) * (height ?? heightOf(megapixels))) / 1e6);
  const [x, y] = [(width ?? 0) / sideOf(megapixels), (height ?? 0) / heightOf(megapixels)];
  if (width !== undefined && height !== undefined && fit !== 'inside') return (width * height) / 1e6;
  const scale = width !== undefined && height !== undefined ? Math.min(x, y) : Math.max(x, y);
  return megapixels * scale ** 2;
}

function renditionsOf(format: InputFormat, bytes: number, megapixels: number): number {
  return format === 'tiff' || bytes > largeBytes || sideOf(megapixels) > largeSide ? 1 : 0;
}

/** The width of an image of so many megapixels, if it is 4 : 3. */
function sideOf(megapixels: number): number {
  return Math.sqrt((megapixels * 1e6 * 4) / 3);
}

function heightOf(megapixels: number): number {
  return (sideOf(megapixels) * 3) / 4;
}

function at({ fixed, perMegapixel }: Line, megapixels: number): number {
  return fixed + perMegapixel * megapixels;
}
