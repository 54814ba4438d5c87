/** Where the pages of lists begin and end, as opaque tokens. */
import { z } from 'zod';
import { fieldProblem } from '../operations/steps.ts';

/** It names no owner: whatever is written into a token, a caller gets what is theirs. */
const position = z.strictObject({
  job: z
    .string()
    .regex(/^\d{13}-[0-9a-z]{26}$/)
    .optional(),
  /** Of a list of blobs: where the storage goes on. */
  marker: z.string().max(1500).optional(),
  task: z.int().min(0).max(999_999).optional(),
});
/** The last job and task of a page. */
export type Position = z.output<typeof position>;

export function positionFrom(token: string | undefined): Position {
  if (token === undefined) return {};
  try {
    return position.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw fieldProblem('continuation', 'must be the "next" of the page before');
  }
}

export function tokenOf(value: Position): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
