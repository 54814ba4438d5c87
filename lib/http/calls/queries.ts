/** Fields of the query that several calls have. */

import { z } from 'zod';
import { maxListItems, maxTokenCharacters, maxWaitSeconds } from '../../limits.ts';
import { taskStates } from '../../model/states.ts';

export const wait = z
  .number()
  .min(0)
  .max(maxWaitSeconds)
  .default(0)
  .describe(
    'long polling: respond when it is done or, with If-None-Match, has changed, at the latest after this many seconds',
  )
  .meta({ unit: 's' });

export const state = z.enum(taskStates).optional().describe('only tasks in this state');

/** Of a list. */
export const paging = {
  limit: z.int().min(1).max(maxListItems).default(20).describe('maximum number of items'),
  continuation: z.string().max(maxTokenCharacters).optional().describe('`next` of the previous page'),
};

export const urls = z.literal([0, 1]).default(0).describe('1: include temporary links to the images; they need no key');

export const download = z
  .literal([0, 1])
  .default(0)
  .describe('1: respond with the bytes instead of a redirect to a temporary link');
