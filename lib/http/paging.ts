/** Where the pages of lists begin and end, as opaque tokens. */

import { z } from 'zod';
import { fieldProblem } from '../problems.ts';

const job = z.string().regex(/^\d{13}-[0-9a-z]{26,27}$/);
const task = z.int().min(0).max(999_999);

/**
 * What each list knows of its last item. It names no owner: whatever is written into a token, a caller gets what is theirs.
 */
export const positions = {
  jobs: z.strictObject({ job }),
  /** Without `task`, all tasks of the job were given. */
  tasks: z.strictObject({ job, task: task.optional() }),
  jobTasks: z.strictObject({ task }),
  /** Where the storage goes on: for the longest names of images it writes some 2,000 characters. */
  uploads: z.strictObject({ marker: z.string().min(1).max(3000) }),
};

type Positions = { [List in keyof typeof positions]: z.output<(typeof positions)[List]> };
export type Position = Positions[keyof Positions];

/** The position in a list; null for its beginning. Throws `invalid-parameter` for what `tokenOf` did not make for this list. */
export function positionFrom<List extends keyof Positions>(
  list: List,
  token: string | undefined,
): Positions[List] | null {
  if (token === undefined) return null;
  try {
    const position = positions[list].parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
    if (tokenOf(position) === token) return position as Positions[List];
  } catch {
    // As below.
  }
  throw fieldProblem('continuation', 'must be the "next" value of the previous page');
}

export function tokenOf(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}
