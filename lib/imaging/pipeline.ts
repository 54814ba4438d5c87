import { cv, type Mat, OpenCvError } from '../operations/cv.ts';
import type { Measurements, Modality, OperationOutput, ResultKind } from '../operations/operation.ts';
import { Scope } from '../operations/scope.ts';
import { findOperation, type Step } from '../operations/steps.ts';
import { Problem, problem } from '../problems.ts';
import type { DecodeOptions } from './decode.ts';

export interface PipelineInput {
  image: Mat;
  /** The transparency of the image, where all steps let it through. */
  alpha: Mat | undefined;
  reference: Mat | undefined;
  modality: Modality | undefined;
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
  const { modality } = input;
  let { image, alpha } = input;
  let kind: ResultKind = 'picture';
  for (const [index, { operation: name, params }] of steps.entries()) {
    const operation = findOperation(name);
    using stepScope = new Scope();
    const run = (image: Mat) => {
      // Steps without a second input never look at it, and `parseSteps` has seen to it that the others have one.
      const reference = input.reference as Mat;
      return named(
        index,
        name,
        (): OperationOutput => operation.run({ image, reference, modality, scope: stepScope }, params),
      );
    };
    const output = run(image);
    if (alpha && operation.alpha === 'transformed') alpha = replace(alpha, run(alpha).image, stepScope, scope);
    image = replace(image, output.image, stepScope, scope);
    measurements.push(output.measurements ?? {});
    const stepKind = typeof operation.result === 'function' ? operation.result(params) : operation.result;
    if (stepKind === 'data') kind = 'data';
  }
  return { image, alpha, measurements, kind };
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
    if (typeof thrown !== 'number') throw thrown;
    const error = new OpenCvError(thrown);
    if (error.outOfMemory) {
      const heap = Math.round(cv.HEAPU8.length / 2 ** 20);
      throw problem('out-of-memory', `${operation} needs more than the ${heap} MB that OpenCV can address.`, {
        step,
        operation,
      });
    }
    throw problem('operation-failed', `${operation}: ${error.message}`, { step, operation });
  }
}
