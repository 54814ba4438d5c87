import { operations } from '../operations/registry.ts';
import { Problem, problem } from '../problems.ts';
import { alphaLike, onWhite } from '../vision/channels.ts';
import type { Measurements, OperationOutput, ResultKind } from '../vision/declaration/operation.ts';
import type { Modality } from '../vision/modality.ts';
import type { SampleValues } from '../vision/object-table.ts';
import { cv, errorOf, isOutOfMemory, type Mat, maxHeapBytes, OpenCvError } from '../vision/opencv.ts';
import type { FilePixelSize } from '../vision/pixel-size.ts';
import { Scope } from '../vision/scope.ts';
import { bitsUsed, type Depth, grayScaleOf, type Reduction, toEightBits } from './depth.ts';
import type { DecodeOptions } from './pixels.ts';
import { findOperation, resultKindOf, type Step, takesReference } from './steps.ts';
import { tooLargeFor } from './strips.ts';

export interface PipelineInput {
  image: Mat;
  /** The transparency of the image, where all steps let it through. */
  alpha: Mat | undefined;
  reference: Mat | undefined;
  modality: Modality | undefined;
  referenceModality?: Modality | undefined;
  /** What the samples of the second image stand for; themselves, if left out. */
  referenceValues?: SampleValues | undefined;
  /** What the samples of the image stand for: `offset + factor · sample`; themselves, if left out. */
  values?: SampleValues | undefined;
  /** As the file says it. */
  pixelSize?: FilePixelSize | undefined;
  /** How many bits 16-bit samples use; 16, if left out. */
  bits?: number | undefined;
  /** By which 16-bit samples are reduced where a step takes 8; by their bits or window, if left out. */
  reduction?: Reduction | undefined;
  /** The most pixels that a result may have. */
  maxPixels: number;
}

export interface PipelineOutput {
  /** Owned by the caller's scope, as is `alpha`. */
  image: Mat;
  alpha: Mat | undefined;
  /** One for each step; empty where a step measures nothing. */
  measurements: Measurements[];
  kind: ResultKind;
}

/** Samples that stand for nothing else. */
const themselves: SampleValues = { offset: 0, factor: 1 };

/** What the decoder must deliver so that every step can take it. */
export function inputNeeds(steps: readonly Step[]): Pick<DecodeOptions, 'maxDepth' | 'alpha'> {
  const all = steps.map(({ operation }) => findOperation(operation));
  // A later step that takes no more than 8 bits gets them reduced; a window must see all of them.
  const isDeep = all[0]?.maxDepth === 16 || steps.some(({ operation }) => operation === 'window-level');
  return {
    maxDepth: isDeep || all.some(({ usesOriginal }) => usesOriginal) ? 16 : 8,
    alpha: all.every((operation) => operation.alpha !== 'flattened') ? 'kept' : 'flattened',
  };
}

/** Whether the second image is needed with its transparency. */
export function referenceAlpha(steps: readonly Step[]): DecodeOptions['alpha'] {
  return steps.some(({ operation }) => findOperation(operation).referenceAlpha === 'kept') ? 'kept' : 'flattened';
}

/** Runs the steps, each on the result of the one before; what a step leaves on the heap is freed before the next. */
export function runSteps(input: PipelineInput, steps: readonly Step[], scope: Scope): PipelineOutput {
  const measurements: Measurements[] = [];
  const { maxPixels, values = themselves } = input;
  let { modality, bits = 16, reduction } = input;
  let reducedBy: string | null = null;
  let { image, alpha } = input;
  const { image: original } = input;
  // A step that moves pixels, also at the same size, leaves the original of no use to those after it.
  let hasMoved = false;
  let keepsValues = true;
  const keepsOriginal = steps.some(({ operation }) => findOperation(operation).usesOriginal);
  for (const [index, { operation: name, params }] of steps.entries()) {
    const operation = findOperation(name);
    using stepScope = new Scope();
    const isLabels = image.elemSize1() >= 2 && resultKindOf(steps.slice(0, index)) === 'labels';
    // Labels are numbers: the upper bits of one mean nothing.
    if (isLabels && !operation.takesLabels) throw takesNoLabels(index, name);
    if (operation.maxDepth === 8 && image.elemSize1() === 2 && !isLabels) {
      const whole = image;
      image = scope.own(stepScope.release(toEightBits(image, { bits, modality, reduction }, stepScope)));
      if (!(keepsOriginal && whole === original)) scope.release(whole).delete();
      if (alpha) alpha = replace(alpha, alphaLike(image, alpha, stepScope), stepScope, scope);
      modality = undefined;
      keepsValues = false;
      reducedBy = name;
    } else if (name === 'window-level' && reducedBy !== null) {
      throw windowTooLate(index, reducedBy);
    }
    if (alpha && operation.alpha === 'flattened') {
      const seen = stepScope.release(onWhite(image, alpha, stepScope));
      scope.release(alpha).delete();
      alpha = undefined;
      if (!(keepsOriginal && image === original)) scope.release(image).delete();
      image = scope.own(seen);
    }
    const moved = operation.alpha === 'transformed' ? alpha : undefined;
    // Steps without a second input never look at it, and `parseSteps` has seen to it that the others have one.
    const shallow = operation.maxDepth === 8 ? eightBitReference(input, stepScope) : input.reference;
    const reference = (operation.referenceAlpha === 'kept' ? shallow : opaque(shallow, stepScope)) as Mat;
    const context = {
      original: hasMoved ? undefined : original,
      filePixelSize: hasMoved ? undefined : input.pixelSize,
      isLabels,
      values,
      reference,
      modality,
      maxPixels,
      scope: stepScope,
    };
    const depth = { bits, modality, reduction };
    const shown = (image: Mat) => (image.elemSize1() === 1 ? image : toEightBits(image, depth, stepScope));
    const run = (image: Mat, alpha?: Mat) => {
      checkInput(index, name, image);
      const given = {
        ...context,
        image,
        alpha,
        gray: grayScaleOf(image, depth),
        imageValues: keepsValues && image.elemSize1() === 2 ? values : themselves,
        referenceValues: (keepsValues && reference?.elemSize1() === 2 && input.referenceValues) || themselves,
        shown: () => shown(image),
        shownReference: () => opaque(eightBitReference(input, stepScope), stepScope) as Mat,
      };
      return named(index, name, (): OperationOutput => operation.run(given, params));
    };
    const output = run(image, moved);
    if (operation.alpha === 'flattened' && output.alpha) alpha = scope.own(stepScope.release(output.alpha));
    if (moved && output.image) alpha = replace(moved, output.alpha ?? run(moved).image, stepScope, scope);
    if (keepsOriginal && image === original && output.image && output.image !== image)
      image = scope.own(stepScope.release(output.image));
    else image = replace(image, output.image, stepScope, scope);
    if (alpha) alpha = replace(alpha, alphaLike(image, alpha, stepScope), stepScope, scope);
    if (output.scale) {
      [bits, modality, reduction] = [16, undefined, output.scale];
      reducedBy = name;
    }
    keepsValues &&= operation.keepsValues || !output.image;
    measurements.push(output.measurements ?? {});
    hasMoved ||= operation.alpha === 'transformed' || takesReference({ operation: name, params });
  }
  return { image, alpha, measurements, kind: resultKindOf(steps) };
}

/** The values of the file are gone once a step has worked on 8 bits or stretched them, and a window on what is left would mean something else. */
function windowTooLate(step: number, reducedBy: string): Problem {
  const detail = `window-level must come before ${reducedBy}, which changes the meaning of values.`;
  return problem('operation-failed', detail, { step, operation: 'window-level' });
}

function takesNoLabels(step: number, operation: string): Problem {
  const takers = [...operations.values()].filter(({ takesLabels }) => takesLabels).map(({ name }) => name);
  const detail = `${operation} does not accept label images. These operations do: ${takers.join(', ')}.`;
  return problem('operation-failed', detail, { step, operation });
}

/** By the reduction of the image, if there is one: two images that are compared must be reduced alike. Else as an image of its own. */
function eightBitReference(
  { reference, referenceModality: modality, reduction }: PipelineInput,
  scope: Scope,
): Mat | undefined {
  if (reference?.elemSize1() !== 2) return reference;
  const samples = reference.data16U as Uint16Array;
  const depth: Depth = { bits: bitsUsed(samples, reference.channels()), modality, reduction };
  return toEightBits(reference, depth, scope);
}

/** A second image with transparency as it looks on white, for steps that know none. */
function opaque(reference: Mat | undefined, scope: Scope): Mat | undefined {
  if (reference?.channels() !== 4) return reference;
  const color = scope.mat();
  cv.cvtColor(reference, color, cv.COLOR_RGBA2RGB);
  const planes = scope.own(new cv.MatVector());
  cv.split(reference, planes);
  return onWhite(color, scope.own(planes.get(3)), scope);
}

/** The steps before may have made the image larger than this one can take. */
function checkInput(step: number, operation: string, { rows, cols }: Mat): void {
  if (step > 0 && rows * cols > findOperation(operation).maxPixels) throw tooLargeFor(step, operation, rows * cols);
}

/** Lets a step's result live on in place of the Mat it was made from. */
function replace(current: Mat, made: Mat | undefined, stepScope: Scope, scope: Scope): Mat {
  if (!made || made === current) return current;
  scope.release(current).delete();
  return scope.own(stepScope.release(made));
}

/** Runs one step and makes its errors say which step it was. */
function named<T>(step: number, operation: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Problem) throw new Problem({ ...thrown.details, step, operation });
    const error = errorOf(thrown);
    if (isOutOfMemory(error)) throw outOfMemory(operation, { step, operation });
    if (error instanceof OpenCvError)
      throw problem('operation-failed', `${operation}: ${error.message}`, { step, operation });
    throw error;
  }
}

export function outOfMemory(what: string, extensions: Record<string, unknown> = {}): Problem {
  const limit = maxHeapBytes / 2 ** 20;
  return problem('out-of-memory', `${what} needs more than the ${limit} MB that OpenCV can address.`, extensions);
}
