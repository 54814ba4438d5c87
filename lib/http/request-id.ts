/** Naming requests, so that a task and its log lines lead back to the request that brought it. */
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { maxRequestIdCharacters } from '../limits.ts';

const valid = new RegExp(`^[\\w.~:/+=-]{1,${maxRequestIdCharacters}}$`);

/** As its sender named it, if that can be written down as it is; otherwise as the platform does. */
export function requestIdOf({ headers }: Pick<HttpRequest, 'headers'>, invocationId: string): string {
  const given = headers.get('x-request-id');
  return given !== null && valid.test(given) ? given : invocationId;
}

export const requestIdParameter = z
  .string()
  .regex(valid)
  .optional()
  .describe(
    'your name for the request, which its task or job, the log and the answer then bear; another is made otherwise',
  );

export const requestIdHeader = z.string().describe('names the request in the log');
