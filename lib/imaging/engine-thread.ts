/** Runs in a worker thread: one image from encoded bytes to encoded bytes. */

import { Problem, type ProblemDetails } from '../problems.ts';
import { copyOf } from '../vision/channels.ts';
import type { Measurements, ResultKind } from '../vision/declaration/operation.ts';
import { prepareFonts } from '../vision/fonts.ts';
import { prepareNetworks, setLiteRtProvider } from '../vision/litert.ts';
import { isFont, isNetwork, setModelReader } from '../vision/models.ts';
import type { SampleValues } from '../vision/object-table.ts';
import { cv, errorOf, isOutOfMemory, loadOpenCv, type Mat, setKernelReader } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import { decode } from './decode.ts';
import { type DepthRule, type Reduction, reductionOf } from './depth.ts';
import { isDicom } from './dicom/encoding.ts';
import { encode, outputFormat } from './encode.ts';
import { contentTypeOf } from './formats.ts';
import { readKernelFile } from './kernel-file.ts';
import { loadLiteRtInNode } from './litert-node.ts';
import { readModelFile } from './model-files.ts';
import type { OutputOptions } from './output.ts';
import { inputNeeds, outOfMemory, type PipelineInput, referenceAlpha, runSteps } from './pipeline.ts';
import type { DecodeOptions, Pixels } from './pixels.ts';
import { projectPages } from './project-pages.ts';
import type { Projection } from './projection.ts';
import { type Rendition, renditionOf, thumbnailOf } from './renditions.ts';
import { findOperation, modelsOf, type Step } from './steps.ts';
import { checkWhole, haloOf, inStrips, type ResultSamples, type Samples, stripRows } from './strips.ts';
import type { ValueRange } from './value-range.ts';

export interface ImageJob {
  image: Uint8Array;
  reference?: Uint8Array | undefined;
  steps: Step[];
  output: OutputOptions;
  /** The page or frame of the image, counted from 1. */
  page?: number;
  /** How 16-bit samples become 8-bit ones. */
  depth?: DepthRule;
  /** How all pages from `page` on become one image. */
  projection?: Projection;
  maxPixels: number;
  /** Whether to make what browsers show in place of the images. */
  renditions?: boolean;
}

export interface ImageInfo {
  contentType: string;
  width: number;
  height: number;
}

export interface ImageResult extends ImageInfo {
  bytes: Uint8Array;
  input: ImageInfo & Pick<Pixels, 'pages' | 'bits' | 'scaledFrom' | 'pixelSize'> & { reducedFrom?: ValueRange };
  measurements: Measurements[];
  /** Those that are needed. */
  renditions: { input?: Rendition | undefined; result?: Rendition | undefined; thumbnail?: Rendition | undefined };
  timings: { decodeMs: number; processMs: number; encodeMs: number };
}

/** Errors lose their class on the way between threads, so a problem travels as data. `heapBytes` is what this thread's WASM has grown to. */
export type WorkerAnswer = ({ result: ImageResult } | { problem: ProblemDetails }) & { heapBytes: number };

setModelReader(readModelFile);
setLiteRtProvider(loadLiteRtInNode);
setKernelReader(readKernelFile);

export default async function work(job: ImageJob): Promise<WorkerAnswer> {
  await loadOpenCv();
  try {
    return { result: await processImage(job), heapBytes: cv.HEAPU8.length };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Code that trapped for want of memory may have left the heap in any state.
    const ranFull = error.details.type.endsWith(':out-of-memory');
    return { problem: error.details, heapBytes: ranFull ? Number.POSITIVE_INFINITY : cv.HEAPU8.length };
  }
}

/** Throws a `Problem` where the image or its operations are at fault, anything else where we are. */
export async function processImage(job: ImageJob): Promise<ImageResult> {
  try {
    return await decodeRunEncode(job);
  } catch (thrown) {
    const error = errorOf(thrown);
    throw isOutOfMemory(error) ? outOfMemory('The image') : error;
  }
}

async function decodeRunEncode(job: ImageJob): Promise<ImageResult> {
  const { steps, output: encoding } = job;
  const { depth: rule = 'auto' } = job;
  const needs = inputNeeds(steps);
  // The rule is applied where a step asks for 8 bits, and must see all of them; the windows of a DICOM file are applied by its decoder.
  const byDecoder = rule === 'auto' && isDicom(job.image);
  const options: DecodeOptions = { ...needs, ...(!byDecoder && { maxDepth: 16 }), maxPixels: job.maxPixels };
  const started = performance.now();
  const wanted = { ...options, page: job.page ?? 1, check: (count: number) => checkWhole(steps, count) };
  const pixels = await (job.projection ? projectPages(job.image, job.projection, wanted) : decode(job.image, wanted));
  const reduction = reductionOf(pixels, rule);
  // Said where it has been done, and `scaledFrom` does not say it.
  const isSaid =
    rule === 'auto' &&
    (pixels.scaledFrom !== undefined || steps.every(({ operation }) => findOperation(operation).maxDepth === 16));
  const reducedFrom = reduction && !isSaid && rangeIn(reduction, valuesOf(pixels));
  const reference = job.reference && (await decode(job.reference, { ...options, alpha: referenceAlpha(steps) }));
  const decoded = performance.now();

  const inputType = contentTypeOf(pixels.format);
  // Before the samples are taken to the heap, and freed.
  const input = job.renditions
    ? await renditionOf({ samples: pixels, contentType: inputType, bytes: job.image.length })
    : undefined;
  const seen = performance.now();

  const models = modelsOf(steps);
  await Promise.all([prepareNetworks(models.filter(isNetwork)), prepareFonts(models.filter(isFont))]);
  using scope = new Scope();
  const output = run(pixels, reference, { ...job, reduction }, scope);
  const processed = performance.now();

  const format = encoding.format ?? outputFormat(pixels, output.kind, output.samples);
  const encoded = await encode(output.samples, format, output.kind, encoding, pixels.provenance);
  const contentType = contentTypeOf(format);
  const shown = () => ({ samples: sixteenBits(output.samples), contentType, bytes: encoded.bytes.length });
  const renditions = job.renditions
    ? { input, result: await renditionOf(shown()), thumbnail: await thumbnailOf(shown()) }
    : {};
  return {
    ...encoded,
    contentType,
    input: {
      contentType: inputType,
      width: pixels.width,
      height: pixels.height,
      pages: pixels.pages,
      ...(pixels.bits && { bits: pixels.bits }),
      ...(pixels.scaledFrom && { scaledFrom: pixels.scaledFrom }),
      ...(reducedFrom && { reducedFrom }),
      ...(pixels.pixelSize && { pixelSize: pixels.pixelSize }),
    },
    measurements: output.measurements,
    renditions,
    timings: {
      decodeMs: decoded - started,
      processMs: processed - seen,
      encodeMs: performance.now() - processed + (seen - decoded),
    },
  };
}

interface Output {
  /** A view of the heap, which holds until OpenCV runs again, or a buffer of its own. */
  samples: ResultSamples;
  measurements: Measurements[];
  kind: ResultKind;
}

/** Consumes `pixels` and `reference`: their samples are freed as soon as they are on the heap. */
function run(
  pixels: Samples,
  reference: Samples | undefined,
  { steps, maxPixels, reduction }: Pick<ImageJob, 'steps' | 'maxPixels'> & Pick<PipelineInput, 'reduction'>,
  scope: Scope,
): Output {
  const rows = stripRows(pixels, steps);
  if (rows !== null) return runStrips(pixels, steps, rows, reduction);
  const second = reference && {
    reference: toMat(reference, scope),
    referenceModality: reference.modality,
    referenceValues: valuesOf(reference),
  };
  const input = { ...toHeap(pixels, scope), reference: undefined, ...second, reduction, maxPixels };
  free(pixels);
  if (reference) free(reference);
  return runWhole(input, steps, scope);
}

function runWhole(input: PipelineInput, steps: Step[], scope: Scope): Output {
  const output = runSteps(input, steps, scope);
  return { ...output, samples: toPixels(output.image, output.alpha, scope) };
}

/** Local operations measure nothing, and the kind of the result does not depend on the pixels: one strip's word goes for all. */
export function runStrips(
  pixels: Samples,
  steps: Step[],
  rows: number,
  reduction?: PipelineInput['reduction'],
): Output {
  let last: Output | undefined;
  const samples = inStrips(pixels, haloOf(steps) ?? 0, rows, (strip, take) => {
    using scope = new Scope();
    const input = { ...toHeap(strip, scope), reference: undefined, reduction, maxPixels: strip.width * strip.height };
    last = runWhole(input, steps, scope);
    // Labels of 32 bits are made of whole images only.
    take(last.samples as Samples);
  });
  return { ...(last as Output), samples };
}

/** Only for samples that no one else looks at any more. A small buffer may share its memory with others, and stays. */
function free({ data }: Samples): void {
  if (data.byteLength === data.buffer.byteLength) (data.buffer as ArrayBuffer).transfer(0);
}

/** Copies samples to OpenCV's heap. */
function toHeap(samples: Samples, scope: Scope): Omit<PipelineInput, 'reference' | 'maxPixels'> {
  const { modality, bits, pixelSize } = samples;
  const meaning = { modality, bits, pixelSize, values: valuesOf(samples) };
  if (samples.channels === 4) return { ...splitAlpha(samples, scope), ...meaning };
  return { image: toMat(samples, scope), alpha: undefined, ...meaning };
}

/** Samples as values of the file. */
function rangeIn({ black, white }: Reduction, { offset, factor }: SampleValues = { offset: 0, factor: 1 }): ValueRange {
  const [first, last] = [offset + factor * black, offset + factor * white];
  return { min: Math.min(first, last), max: Math.max(first, last) };
}

/** Samples of 8 bits are brightness, whatever the file had. */
function valuesOf({ depth, modality, values = modality?.values }: Samples): SampleValues | undefined {
  return depth === 8 ? undefined : values;
}

function toMat({ data, width, height, channels, depth }: Samples, scope: Scope): Mat {
  const types = {
    1: { 8: cv.CV_8UC1, 16: cv.CV_16UC1 },
    3: { 8: cv.CV_8UC3, 16: cv.CV_16UC3 },
    4: { 8: cv.CV_8UC4, 16: cv.CV_16UC4 },
  };
  const mat = scope.mat(height, width, types[channels][depth]);
  bytesOf(mat).set(data);
  return mat;
}

function splitAlpha(pixels: Samples, scope: Scope): { image: Mat; alpha: Mat } {
  const rgba = toMat(pixels, scope);
  const color = scope.mat();
  cv.cvtColor(rgba, color, cv.COLOR_RGBA2RGB);
  const planes = scope.own(new cv.MatVector());
  cv.split(rgba, planes);
  scope.release(rgba).delete();
  return { image: color, alpha: scope.own(planes.get(3)) };
}

/** The Mat's samples as they lie on the heap, with the alpha plane put back. The view holds until OpenCV runs again. */
function toPixels(image: Mat, alpha: Mat | undefined, scope: Scope): ResultSamples {
  let whole = image;
  if (alpha) {
    const color = scope.mat();
    if (image.channels() === 1) cv.cvtColor(image, color, cv.COLOR_GRAY2RGB);
    else image.copyTo(color);
    const planes = scope.own(new cv.MatVector());
    cv.split(color, planes);
    planes.push_back(alpha);
    whole = scope.mat();
    cv.merge(planes, whole);
  } else if (!image.isContinuous()) {
    whole = copyOf(image, scope);
  }
  return {
    data: bytesOf(whole),
    width: whole.cols,
    height: whole.rows,
    channels: whole.channels() as Samples['channels'],
    depth: depthOf(whole),
  };
}

/** Labels of 32 bits as they are shown: spread over 16. */
function sixteenBits(samples: ResultSamples): Samples {
  const { data, depth } = samples;
  if (depth !== 32) return { ...samples, depth };
  const labels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  const greatest = labels.reduce((most, label) => Math.max(most, label), 1);
  const spread = Uint16Array.from(labels, (label) => Math.ceil((label * 65_535) / greatest));
  return { ...samples, depth: 16, data: Buffer.from(spread.buffer) };
}

function depthOf(mat: Mat): ResultSamples['depth'] {
  const bytes = mat.elemSize1();
  return bytes === 4 ? 32 : bytes === 2 ? 16 : 8;
}

function bytesOf(mat: Mat): Buffer {
  const bytes = mat.elemSize1();
  const { buffer, byteOffset, byteLength } = bytes === 4 ? mat.data32S : bytes === 2 ? mat.data16U : mat.data;
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
