import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { HttpRequest } from '@azure/functions';
import { parse } from 'lossless-json';
import type { z } from 'zod';
import { fieldProblem } from '../operations/steps.ts';
import { problem } from '../problems.ts';

const maxDepth = 32;

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
  maxBytes: number,
): Promise<z.output<T>> {
  if (!isJson(request)) throw problem('unsupported-media-type', 'Send JSON, with the Content-Type application/json.');
  const parsed = schema.safeParse(parseJson(await readText(request, maxBytes)));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const field = `${path}${key === undefined ? '' : `.${key}`}`.replace(/^\./, '') || 'body';
  const rule = key === undefined ? issue.message.replace(/^Invalid input: /, 'is not valid: ') : 'is not a field';
  throw fieldProblem(field.slice(0, 200), rule);
}

async function readText(request: HttpRequest, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body = request.body ? Readable.fromWeb(request.body as ReadableStream) : Readable.from([]);
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      // The rest is let through unread, so that the answer arrives.
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
    }
  } catch (error) {
    throw problem('malformed-request', `The body ended early: ${(error as Error).message}.`);
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
    const value = parse(text, undefined, { parseNumber: Number });
    checkDepth(value, maxDepth);
    return value;
  } catch (error) {
    if (error instanceof RangeError)
      throw problem('malformed-request', `The JSON is nested more than ${maxDepth} deep.`);
    throw problem('malformed-request', `The body is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function checkDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw new RangeError();
  for (const inner of Object.values(value)) checkDepth(inner, left - 1);
}
