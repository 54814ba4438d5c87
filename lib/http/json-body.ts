import type { HttpRequest } from '@azure/functions';
import { parse } from 'lossless-json';
import type { z } from 'zod';
import { fieldProblem } from '../operations/steps.ts';
import { Problem, problem } from '../problems.ts';
import { bodyOf, bodyProblem } from './body.ts';

const maxDepth = 32;

export interface JsonLimits {
  maxBytes: number;
  /** How long to wait for the next bytes. */
  idleMs: number;
}

/** Whether the body is JSON, by its Content-Type. */
export function isJson(request: HttpRequest): boolean {
  return /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(request.headers.get('content-type') ?? '');
}

/**
 * The JSON body of a request, checked. An object with a name twice is refused: which value counts is anyone's guess.
 * Throws `unsupported-media-type`, `body-too-large`, `malformed-request` and `invalid-parameter`.
 */
export async function readJson<T extends z.ZodType>(
  request: HttpRequest,
  schema: T,
  { maxBytes, idleMs }: JsonLimits,
): Promise<z.output<T>> {
  if (!isJson(request)) throw problem('unsupported-media-type', 'Send JSON, with the Content-Type application/json.');
  const parsed = schema.safeParse(parseJson(await readText(request, maxBytes, idleMs)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const field = `${path}${key === undefined ? '' : `.${key}`}`.replace(/^\./, '') || 'body';
  const rule = key === undefined ? issue.message.replace(/^Invalid input: /, 'is not valid: ') : 'is not a field';
  throw fieldProblem(field.slice(0, 200), rule);
}

async function readText(request: HttpRequest, maxBytes: number, idleMs: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of bodyOf(request, idleMs)) {
      bytes += chunk.length;
      // The rest is let through unread, so that the answer arrives.
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch (error) {
    throw bodyProblem(error as Error);
  }
  if (bytes > maxBytes)
    throw problem('body-too-large', `The body has more than the ${maxBytes} bytes allowed.`, { limit: maxBytes });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw problem('malformed-request', 'The body is not UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    // It alone sees a name that comes twice.
    parse(text);
    const value = JSON.parse(text);
    checkNesting(value, maxDepth);
    return value;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof RangeError) throw tooDeep();
    const reason = (error as Error).message.replace(/\s+/g, ' ').slice(0, 200);
    throw problem('malformed-request', `The body is not valid JSON: ${reason}.`);
  }
}

function checkNesting(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw tooDeep();
  if (Object.hasOwn(value, '__proto__')) throw fieldProblem('__proto__', 'is not a field');
  for (const inner of Object.values(value)) checkNesting(inner, left - 1);
}

function tooDeep(): Problem {
  return problem('malformed-request', `The JSON is nested more than ${maxDepth} deep.`);
}
