/** Fields of the query that several calls have. */

import { z } from 'zod';
import { maxTokenCharacters, maxWaitSeconds } from '../../limits.ts';
import { taskStates } from '../../model/states.ts';

export const wait = z
  .number()
  .min(0)
  .max(maxWaitSeconds)
  .default(0)
  .describe('answer when it is done or, with If-None-Match, has changed, but at the latest after so many seconds')
  .meta({ unit: 's' });

export const state = z.enum(taskStates).optional().describe('only tasks in this state');

/** Of a list. */
export const paging = {
  limit: z.int().min(1).max(100).default(20).describe('how many to give at most'),
  continuation: z.string().max(maxTokenCharacters).optional().describe('`next` of the page before'),
};

export const urls = z
  .literal([0, 1])
  .default(0)
  .describe('1: with links to the images that need no key, and work for a while');

export const download = z
  .literal([0, 1])
  .default(0)
  .describe('1: answer with the bytes, instead of a redirect to a link that works for a while');
