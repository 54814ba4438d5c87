/** Pages of lists: `limit`, and `continuation`, an opaque token that says where the page before ended. */
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { fieldProblem } from '../operations/steps.ts';
import { type TaskState, taskStates } from '../tasks/states.ts';

const defaultLimit = 20;
const maxLimit = 100;

/** It names no owner: whatever is written into a token, a caller gets what is theirs. */
const position = z.strictObject({
  job: z
    .string()
    .regex(/^\d{13}-[0-9a-z]{26}$/)
    .optional(),
  task: z.int().min(0).max(999_999).optional(),
});
/** The last job and task of a page. */
export type Position = z.output<typeof position>;

export function pageOf(request: HttpRequest): { limit: number; position: Position } {
  const text = request.query.get('limit') ?? String(defaultLimit);
  if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > maxLimit)
    throw fieldProblem('limit', `must be a whole number from 1 to ${maxLimit}`);
  const token = request.query.get('continuation');
  return { limit: Number(text), position: token === null ? {} : parse(token) };
}

export function positionFrom(value: Position): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parse(token: string): Position {
  try {
    return position.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw fieldProblem('continuation', 'must be the "next" of the page before');
  }
}

/** The query's `state`, if there is one. */
export function stateFrom(request: HttpRequest): TaskState | undefined {
  const state = request.query.get('state');
  const known = taskStates.find((name) => name.toLowerCase() === state?.toLowerCase());
  if (state !== null && !known) throw fieldProblem('state', `must be one of ${taskStates.join(', ')}`);
  return known;
}
