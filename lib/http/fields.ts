/** What a request asks for, from its text fields: those of the query and, in a multipart body, of the form. */

import { z } from 'zod';
import { checkOutput, parseOutput } from '../imaging/output.ts';
import { findPreset } from '../imaging/presets.ts';
import { parseOperation, parseSteps, type Step } from '../imaging/steps.ts';
import { type Work, workOf } from '../imaging/work.ts';
import { maxWorkValues } from '../limits.ts';
import { fieldProblem, Problem, problem } from '../problems.ts';
import { taskOptions, type WorkRequest } from './calls/work.ts';
import { JsonReader } from './json-reader.ts';
import type { FindPreset } from './preset-finder.ts';

const options = z.object(taskOptions);

/** What may be said whatever is to be done: the options, the name of an image that is the body, and the function key. */
const alwaysAllowed = new Set([...Object.keys(taskOptions), 'name', 'code']);
/** Everything else is a parameter of the operation. */
const reserved = new Set(['operation', 'params', 'steps', 'preset', ...alwaysAllowed]);

/** Text fields in the order they came; a name may come more than once, which is an error for all that are known. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** The work of a task that is submitted by itself, with all that can be said of it. */
export type TaskWork = Work & z.output<typeof options>;

/**
 * The work of a request: one `operation` with `params` (JSON) and parameters as fields of their own, or `steps` (JSON),
 * or a `preset`; the options; and `output`, a JSON object: some operations have a parameter of that name,
 * which is none. Throws `invalid-parameter`, `unknown-operation`, `unknown-preset`, `missing-operation` and `conflicting-operations`.
 */
export function workFrom(fields: Fields, find: FindPreset = findPreset): TaskWork {
  const outputs = fields.filter((field) => isOutput(field));
  const rest = fields.filter((field) => !isOutput(field));
  const given = outputs.length === 0 ? {} : parseOutput(parseJson('output', single(outputs, 'output') ?? ''));
  const options = optionsFrom(rest);
  const preset = single(rest, 'preset');
  if (preset === undefined) return checked({ steps: stepsFrom(rest), output: given, ...options });
  const [other] = rest.find(([name]) => name !== 'preset' && !alwaysAllowed.has(name)) ?? [];
  if (other !== undefined) {
    throw problem('conflicting-operations', `"preset" already defines the steps; omit "${other}".`, {
      field: other,
    });
  }
  const { steps, output } = find(preset);
  return checked({ steps, output: { ...output, ...given }, ...options });
}

/** The work, if its result can be written as it is wanted. */
function checked<T extends Pick<Work, 'steps' | 'output'>>(work: T): T {
  checkOutput(work.output, work.steps);
  return work;
}

/** As `workFrom`, of a request with a JSON body. */
export function workFromJson(request: WorkRequest, find: FindPreset = findPreset): Work {
  const { steps, output } = stepsFromJson(request, find);
  const given = request.output === undefined ? {} : parseOutput(request.output);
  return workOf(checked({ ...request, steps, output: { ...output, ...given } }));
}

function stepsFromJson(
  { operation, params, steps, preset }: WorkRequest,
  find: FindPreset,
): Pick<Work, 'steps' | 'output'> {
  const [first, second] = Object.entries({ operation, steps, preset }).filter(([, value]) => value !== undefined);
  if (first === undefined)
    throw problem('missing-operation', 'Specify an "operation", "steps" or a "preset".', { field: 'operation' });
  if (second !== undefined) {
    const [field] = second;
    throw problem('conflicting-operations', `Specify only one of "operation", "steps" and "preset"; omit "${field}".`, {
      field,
    });
  }
  if (params !== undefined && operation === undefined)
    throw fieldProblem('params', 'can only be used with "operation": each step has its own');
  if (preset !== undefined) return find(preset);
  if (steps !== undefined) return { steps: parseSteps(steps), output: {} };
  return { steps: parseOperation(operation, params, 'params.'), output: {} };
}

function optionsFrom(fields: Fields): z.output<typeof options> {
  const given = Object.keys(taskOptions).flatMap((name) => {
    const text = single(fields, name);
    if (text === undefined) return [];
    // What may be a text is one, also where it looks like a number.
    const isText = options.shape[name as keyof typeof taskOptions].safeParse(text).success;
    return [[name, isText ? text : scalar(name, text)]];
  });
  const parsed = options.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw fieldProblem(path.join('.'), message);
}

function isOutput([name, value]: Fields[number]): boolean {
  return name === 'output' && value.trimStart().startsWith('{');
}

function stepsFrom(fields: Fields): Step[] {
  const named = fields.filter(([name]) => name === 'operation');
  const steps = single(fields, 'steps');
  if (named.length > 1 || (named.length > 0 && steps !== undefined)) {
    throw problem('conflicting-operations', 'Specify one "operation", or "steps" for a sequence of operations.', {
      field: 'operation',
    });
  }
  const own = fields.filter(([name]) => !reserved.has(name));
  const params = single(fields, 'params');
  if (steps !== undefined) {
    const stray = params === undefined ? own[0]?.[0] : 'params';
    if (stray !== undefined)
      throw fieldProblem(stray, 'cannot be combined with "steps": each step has its own "params"');
    return parseSteps(parseJson('steps', steps));
  }
  if (named.length === 0) {
    throw problem('missing-operation', 'Specify an "operation", "steps" or a "preset".', { field: 'operation' });
  }
  return parseOperation(named[0][1], { ...objectFrom(params), ...scalars(own) });
}

/** The value of a field that may come once. */
export function single(fields: Fields, name: string): string | undefined {
  const values = fields.filter(([field]) => field === name);
  if (values.length > 1) throw repeated(name);
  return values[0]?.[1];
}

function objectFrom(params: string | undefined): Record<string, unknown> {
  if (params === undefined) return {};
  const value = parseJson('params', params);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fieldProblem('params', 'must be a JSON object');
  return value as Record<string, unknown>;
}

/** Parameters that came as text: numbers, booleans and JSON structures are read as such. */
function scalars(fields: Fields): Record<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of fields) {
    if (values.has(name)) throw repeated(name);
    values.set(name, scalar(name, value));
  }
  return Object.fromEntries(values);
}

function scalar(name: string, text: string): unknown {
  const structured = /^(true|false|-?\d+(\.\d+)?([eE][-+]?\d+)?|[[{].*[\]}])$/s.test(text);
  return structured ? parseJson(name, text) : text;
}

/** JSON in a text field, as strict as a body of JSON. */
function parseJson(field: string, text: string): unknown {
  const reader = new JsonReader(maxWorkValues, field);
  try {
    reader.write(Buffer.from(text));
    return reader.end();
  } catch (error) {
    if (error instanceof Problem && error.details.field !== undefined) throw error;
    throw fieldProblem(field, 'is not valid JSON, or has too many values');
  }
}

function repeated(name: string): Problem {
  return fieldProblem(name, 'is specified more than once');
}
