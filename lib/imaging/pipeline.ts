import type { Measurements, Modality, OperationOutput, ResultKind } from '../operations/operation.ts';
import { Problem, problem } from '../problems.ts';
import { errorOf, isOutOfMemory, type Mat, maxHeapBytes, OpenCvError } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';
import type { DecodeOptions } from './decode.ts';
import { findOperation, resultKindOf, type Step } from './steps.ts';
import { maxWholePixels, tooLargeFor } from './strips.ts';

export interface PipelineInput {
  image: Mat;
  /** The transparency of the image, where all steps let it through. */
  alpha: Mat | undefined;
  reference: Mat | undefined;
  modality: Modality | undefined;
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

/** What the decoder must deliver so that every step can take it. */
export function inputNeeds(steps: readonly Step[]): Pick<DecodeOptions, 'maxDepth' | 'alpha'> {
  const all = steps.map(({ operation }) => findOperation(operation));
  return {
    maxDepth: all.every((operation) => operation.maxDepth === 16) ? 16 : 8,
    alpha: all.every((operation) => operation.alpha !== 'flattened') ? 'kept' : 'flattened',
  };
}

/** Runs the steps, each on the result of the one before; what a step leaves on the heap is freed before the next. */
export function runSteps(input: PipelineInput, steps: readonly Step[], scope: Scope): PipelineOutput {
  const measurements: Measurements[] = [];
  const { modality, maxPixels } = input;
  let { image, alpha } = input;
  const { image: original } = input;
  const keepsOriginal = steps.some(({ operation }) => findOperation(operation).usesOriginal);
  for (const [index, { operation: name, params }] of steps.entries()) {
    const operation = findOperation(name);
    using stepScope = new Scope();
    const moved = operation.alpha === 'transformed' ? alpha : undefined;
    const run = (image: Mat, alpha?: Mat) => {
      checkInput(index, name, image);
      // Steps without a second input never look at it, and `parseSteps` has seen to it that the others have one.
      const reference = input.reference as Mat;
      const given = { image, original, alpha, reference, modality, maxPixels, scope: stepScope };
      return named(index, name, (): OperationOutput => operation.run(given, params));
    };
    const output = run(image, moved);
    if (moved && output.image) alpha = replace(moved, output.alpha ?? run(moved).image, stepScope, scope);
    if (keepsOriginal && image === original && output.image && output.image !== image)
      image = scope.own(stepScope.release(output.image));
    else image = replace(image, output.image, stepScope, scope);
    measurements.push(output.measurements ?? {});
  }
  return { image, alpha, measurements, kind: resultKindOf(steps) };
}

/** The steps before may have made the image larger than this one can take. */
function checkInput(step: number, operation: string, { rows, cols }: Mat): void {
  if (step > 0 && rows * cols > maxWholePixels) throw tooLargeFor(step, operation, rows * cols);
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
