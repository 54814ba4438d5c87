/** IDs of requests: a task and its log lines name the request that created it. */
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { maxRequestIdCharacters } from '../limits.ts';

const valid = new RegExp(`^[\\w.~:/+=-]{1,${maxRequestIdCharacters}}$`);

/** The `X-Request-Id` of the sender if it is valid, otherwise the invocation ID. */
export function requestIdOf({ headers }: Pick<HttpRequest, 'headers'>, invocationId: string): string {
  const given = headers.get('x-request-id');
  return given !== null && valid.test(given) ? given : invocationId;
}

export const requestIdParameter = z
  .string()
  .regex(valid)
  .optional()
  .describe(
    'your ID of the request, which appears in its task or job, in the log and in the response; generated if omitted',
  );

export const requestIdHeader = z.string().describe('the ID of the request in the log');
