import type { z } from 'zod';
import { issueInWords } from '../issue-words.ts';
import { maxSteps, maxStepsCharacters } from '../limits.ts';
import { operations } from '../operations/registry.ts';
import { fieldProblem, type Problem, problem } from '../problems.ts';
import type { Operation, ResultKind } from '../vision/declaration/operation.ts';
import type { ModelFile } from '../vision/models.ts';

/** One operation with its parameters: as asked for, and after `parseSteps` complete and checked. */
export interface Step {
  operation: string;
  params: Record<string, unknown>;
}

/** The operation of that name, or the problem that there is none; `field` says where the name stood. */
export function findOperation(name: unknown, field = 'operation'): Operation {
  const operation = typeof name === 'string' ? operations.get(name) : undefined;
  if (operation) return operation;
  throw problem(
    'unknown-operation',
    `${describe(name)} is not an operation. Available: ${[...operations.keys()].join(', ')}.`,
    {
      field,
    },
  );
}

/** The models that the steps need. */
export function modelsOf(steps: readonly Step[]): ModelFile[] {
  return [...new Set(steps.flatMap(({ operation, params }) => findOperation(operation).models(params)))];
}

/** What the result of all steps is: data where one of them makes data, labels where the last one to make data makes labels. */
export function resultKindOf(steps: readonly Step[]): ResultKind {
  const kinds = steps.map(({ operation: name, params }) => {
    const { result } = findOperation(name);
    return typeof result === 'function' ? result(params) : result;
  });
  return kinds.findLast((kind) => kind !== 'picture') ?? 'picture';
}

/** Checks the parameters and fills in the defaults; the problem names the field under `path`. */
export function parseParams(operation: Operation, params: unknown, path = ''): Record<string, unknown> {
  const parsed = operation.params.safeParse(params ?? {});
  if (parsed.success) return parsed.data as Record<string, unknown>;
  throw invalidParameter(operation.name, path, parsed.error.issues[0]);
}

/** One operation with its parameters, as a list of steps. */
export function parseOperation(name: unknown, params: unknown, path = ''): Step[] {
  const operation = findOperation(name);
  return withinSize([{ operation: operation.name, params: parseParams(operation, params, path) }], 'params');
}

/** Checks a list of steps as it comes in a request. */
export function parseSteps(steps: unknown): Step[] {
  if (!Array.isArray(steps)) throw fieldProblem('steps', 'must be a list of {"operation", "params"}');
  if (steps.length === 0) throw problem('missing-operation', 'The list of steps is empty.', { field: 'steps' });
  if (steps.length > maxSteps) throw fieldProblem('steps', `must have at most ${maxSteps} steps, not ${steps.length}`);
  const parsed = steps.map((step: unknown, index) => {
    const at = `steps[${index}]`;
    if (typeof step !== 'object' || step === null || Array.isArray(step)) {
      throw fieldProblem(at, 'must be an object with "operation" and "params"');
    }
    const { operation: name, params, ...others } = step as Record<string, unknown>;
    const [stray] = Object.keys(others);
    if (stray !== undefined) throw fieldProblem(`${at}.${stray}`, 'is not a field of a step');
    const operation = findOperation(name, `${at}.operation`);
    return { operation: operation.name, params: parseParams(operation, params, `${at}.params.`) };
  });
  return withinSize(parsed, 'steps');
}

function withinSize(steps: Step[], field: string): Step[] {
  const { length } = JSON.stringify(steps);
  if (length <= maxStepsCharacters) return steps;
  const detail = `${field} may have at most ${maxStepsCharacters} characters as JSON with all defaults, but has ${length}.`;
  throw problem('invalid-parameter', detail, { field, limit: maxStepsCharacters });
}

/** Whether any of the steps takes a second image. */
export function needsReference(steps: readonly Step[]): boolean {
  return steps.some(takesReference);
}

/** Whether the step looks at the second image, and no parameter takes its place. */
export function takesReference({ operation: name, params }: Step): boolean {
  const { inputs, referenceParam } = findOperation(name);
  if (inputs.length === 1) return false;
  return referenceParam === null || (params[referenceParam] as unknown[]).length === 0;
}

function invalidParameter(operation: string, path: string, issue: z.core.$ZodIssue): Problem {
  if (issue.code === 'unrecognized_keys') {
    return fieldProblem(`${path}${issue.keys[0]}`, `is not a parameter of ${operation}`);
  }
  const field = path + issue.path.join('.');
  return fieldProblem(field.replace(/\.$/, '') || 'params', issueInWords(issue));
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
