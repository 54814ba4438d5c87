/** What a request asks for, from its text fields: those of the query and, in a multipart body, of the form. */

import { checkOutput, type OutputOptions, parseOutput } from '../imaging/output.ts';
import { findPreset } from '../imaging/presets.ts';
import { parseOperation, parseSteps, type Step } from '../imaging/steps.ts';
import { maxPage } from '../limits.ts';
import { fieldProblem, Problem, problem } from '../problems.ts';
import { type WorkRequest, workValues } from './calls/work.ts';
import { JsonReader } from './json-reader.ts';

/** Everything else is a parameter of the operation. */
const reserved = new Set(['operation', 'params', 'steps', 'preset', 'page', 'cache', 'name', 'code', 'callbackUrl']);

/** Text fields in the order they came; a name may come more than once, which is an error for all that are known. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** What is to be done with the images, and how the result is to be encoded. */
export interface Work {
  steps: Step[];
  output: OutputOptions;
  /** The page or frame of the image, counted from 1. */
  page: number;
}

/** The work of a task that is submitted by itself. */
export interface TaskWork extends Work {
  /** Whether the result of an earlier task that did the same may be taken over. */
  cache: boolean;
  callbackUrl: string | undefined;
}

/**
 * The work of a request: one `operation` with `params` (JSON) and parameters as fields of their own, or `steps` (JSON),
 * or a `preset`; `page`, `cache` and `callbackUrl`; and `output`, a JSON object: some operations have a parameter of that name,
 * which is none. Throws `invalid-parameter`, `unknown-operation`, `unknown-preset`, `missing-operation` and `conflicting-operations`.
 */
export function workFrom(fields: Fields): TaskWork {
  const outputs = fields.filter((field) => isOutput(field));
  const rest = fields.filter((field) => !isOutput(field));
  const given = outputs.length === 0 ? {} : parseOutput(parseJson('output', single(outputs, 'output') ?? ''));
  const page = pageFrom(single(rest, 'page'));
  const cache = cacheFrom(single(rest, 'cache'));
  const callbackUrl = single(rest, 'callbackUrl');
  const preset = single(rest, 'preset');
  if (preset === undefined) return checked({ steps: stepsFrom(rest), output: given, page, cache, callbackUrl });
  const [other] = rest.find(([name]) => !besidePreset.has(name)) ?? [];
  if (other !== undefined) {
    throw problem('conflicting-operations', `"preset" says what is to be done; leave "${other}" out.`, {
      field: other,
    });
  }
  const { steps, output } = findPreset(preset);
  return checked({ steps, output: { ...output, ...given }, page, cache, callbackUrl });
}

/** The work, if its result can be written as it is wanted. */
function checked<T extends Pick<Work, 'steps' | 'output'>>(work: T): T {
  checkOutput(work.output, work.steps);
  return work;
}

/** As `workFrom`, of a request with a JSON body. */
export function workFromJson({ operation, params, steps, preset, output, page }: WorkRequest): Work {
  const given = output === undefined ? {} : parseOutput(output);
  const [first, second] = Object.entries({ operation, steps, preset }).filter(([, value]) => value !== undefined);
  if (first === undefined)
    throw problem('missing-operation', 'Give an "operation", "steps" or a "preset".', { field: 'operation' });
  if (second !== undefined) {
    const [field] = second;
    throw problem('conflicting-operations', `Give one of "operation", "steps" and "preset"; leave "${field}" out.`, {
      field,
    });
  }
  if (params !== undefined && operation === undefined)
    throw fieldProblem('params', 'goes with "operation": each step has its own');
  if (preset !== undefined) {
    const found = findPreset(preset);
    return checked({ steps: found.steps, output: { ...found.output, ...given }, page });
  }
  if (steps !== undefined) return checked({ steps: parseSteps(steps), output: given, page });
  return checked({ steps: parseOperation(operation, params, 'params.'), output: given, page });
}

const besidePreset = new Set(['preset', 'page', 'cache', 'name', 'code', 'callbackUrl']);

function pageFrom(text = '1'): number {
  if (/^\d{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= maxPage) return Number(text);
  throw fieldProblem('page', `must be a whole number from 1 to ${maxPage}`);
}

function cacheFrom(text = 'true'): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw fieldProblem('cache', 'must be true or false');
}

function isOutput([name, value]: Fields[number]): boolean {
  return name === 'output' && value.trimStart().startsWith('{');
}

function stepsFrom(fields: Fields): Step[] {
  const named = fields.filter(([name]) => name === 'operation');
  const steps = single(fields, 'steps');
  if (named.length > 1 || (named.length > 0 && steps !== undefined)) {
    throw problem('conflicting-operations', 'Give one "operation", or "steps" for several in a row.', {
      field: 'operation',
    });
  }
  const own = fields.filter(([name]) => !reserved.has(name));
  const params = single(fields, 'params');
  if (steps !== undefined) {
    const stray = params === undefined ? own[0]?.[0] : 'params';
    if (stray !== undefined) throw fieldProblem(stray, 'cannot stand beside "steps": each step has its own "params"');
    return parseSteps(parseJson('steps', steps));
  }
  if (named.length === 0) {
    throw problem('missing-operation', 'Give an "operation", "steps" or a "preset".', { field: 'operation' });
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
    const structured = /^(true|false|-?\d+(\.\d+)?([eE][-+]?\d+)?|[[{].*[\]}])$/s.test(value);
    values.set(name, structured ? parseJson(name, value) : value);
  }
  return Object.fromEntries(values);
}

/** JSON in a text field, as strict as a body of JSON. */
function parseJson(field: string, text: string): unknown {
  const reader = new JsonReader(workValues, field);
  try {
    reader.write(Buffer.from(text));
    return reader.end();
  } catch (error) {
    if (error instanceof Problem && error.details.field !== undefined) throw error;
    throw fieldProblem(field, 'is not valid JSON, or has too many values');
  }
}

function repeated(name: string): Problem {
  return fieldProblem(name, 'is given more than once');
}
