import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { issueInWords } from '../issue-words.ts';
import { fieldProblem, problem } from '../problems.ts';
import { type BodyLimits, bodyOf, bodyProblem } from './body.ts';
import { JsonReader } from './json-reader.ts';

export interface JsonLimits extends BodyLimits {
  maxBytes: number;
  /** How many objects, arrays, strings, numbers, booleans and nulls there may be. */
  maxValues: number;
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
  limits: JsonLimits,
): Promise<z.output<T>> {
  if (!isJson(request)) throw problem('unsupported-media-type', 'Send JSON, with the Content-Type application/json.');
  const parsed = schema.safeParse(await readValue(request, limits));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const field = `${path}${key === undefined ? '' : `.${key}`}`.replace(/^\./, '') || 'body';
  const rule = key === undefined ? issueInWords(issue) : 'is not a field';
  throw fieldProblem(field.slice(0, 200).toWellFormed(), rule);
}

async function readValue(request: HttpRequest, limits: JsonLimits): Promise<unknown> {
  const { maxBytes, maxValues } = limits;
  const body = bodyOf(request, limits);
  const reader = new JsonReader(maxValues);
  let bytes = 0;
  let refusal: unknown;
  try {
    for await (const chunk of body) {
      // The rest is let through unread, so that the answer arrives.
      if (refusal !== undefined) continue;
      try {
        bytes += chunk.length;
        if (bytes > maxBytes)
          throw problem('body-too-large', `The body has more than the ${maxBytes} bytes allowed.`, { limit: maxBytes });
        reader.write(chunk);
      } catch (error) {
        refusal = error;
      }
    }
  } catch (error) {
    throw bodyProblem(error as Error);
  }
  if (refusal !== undefined) throw refusal;
  return reader.end();
}
