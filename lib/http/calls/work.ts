/** What is to be done with images, as requests say it. */

import { z } from 'zod';
import { depthRules } from '../../imaging/depth.ts';
import { projections } from '../../imaging/projection.ts';
import { maxPage, maxSteps } from '../../limits.ts';

// Steps, parameters and output are checked where they are understood, so that a message says which step's parameter is wrong.
const documentedAs = (override: Record<string, unknown>) => z.unknown().optional().meta({ override });

const mustBePage = `must be a whole number from 1 to ${maxPage}`;

/** What goes with the steps. The same in JSON, in the query and in text fields of a form, and shown with the task or job. */
export const workOptions = {
  page: z
    .int(mustBePage)
    .min(1, mustBePage)
    .max(maxPage, mustBePage)
    .default(1)
    .describe('the page or frame of the image'),
  projection: z
    .enum(projections, `must be one of ${projections.join(', ')}`)
    .exactOptional()
    .describe('max, min, mean: all pages from `page` on become one image, as a z-stack or a time series does'),
  depth: z
    .enum(depthRules, `must be one of ${depthRules.join(', ')}`)
    .exactOptional()
    .describe(
      'how 16-bit samples become 8-bit ones, for steps that take no more. auto (if left out): by the window of a DICOM file, else as bits, or as ' +
        'range where samples span less than half of these bits. bits: the upper eight of the bits that are used. range: from the least ' +
        'to the greatest sample. percentiles: from 0.1 % to 99.9 % of the samples. full: all 16 bits. window: by the window of a DICOM file',
    ),
};

/** Checked further by `checkCallbackUrl`. */
export const callbackUrlField = z
  .string()
  .optional()
  .describe('receives a signed POST request (Standard Webhooks) when the work is done')
  .meta({ format: 'uri' });

/** What can be said of a task that is submitted by itself. */
export const taskOptions = {
  ...workOptions,
  cache: z
    .boolean('must be true or false')
    .default(true)
    .describe('false: process the image even if an earlier task did the same work'),
  callbackUrl: callbackUrlField,
};

/** What is to be done, in JSON. */
export const workFields = {
  operation: z.string().optional().describe('one operation, with `params`'),
  params: z.record(z.string(), z.unknown()).optional().describe('parameters of the operation'),
  steps: documentedAs({
    type: 'array',
    items: { $ref: '#/components/schemas/StepRequest' },
    minItems: 1,
    maxItems: maxSteps,
    description: 'operations in the order in which they are applied',
  }),
  preset: z.string().optional().describe('the name of a predefined sequence of steps'),
  output: documentedAs({ $ref: '#/components/schemas/OutputOptions' }),
  ...workOptions,
};

const work = z.object(workFields);
export type WorkRequest = z.output<typeof work>;

/** The field as jobs take it: finding an earlier result takes the hash of an image, and nobody reads a job's images beforehand. */
export const noCacheField = {
  cache: z
    .literal(false, { error: 'must be false or omitted: a job processes each of its images' })
    .optional()
    .describe('jobs always process all of their images'),
};
