/** The fields of requests that define how images are processed. */

import { z } from 'zod';
import { depthRules } from '../../imaging/depth.ts';
import { projections } from '../../imaging/projection.ts';
import { maxPage, maxSteps } from '../../limits.ts';

// Steps, parameters and output are checked later, so that a message names the step whose parameter is invalid.
const documentedAs = (override: Record<string, unknown>) => z.unknown().optional().meta({ override });

const mustBePage = `must be a whole number from 1 to ${maxPage}`;

/** Options besides the steps: the same in JSON, in the query and in text fields of a form, and part of the task or job in responses. */
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
    .describe('max, min, mean: combines all pages from `page` on into one image, for z-stacks and time series'),
  depth: z
    .enum(depthRules, `must be one of ${depthRules.join(', ')}`)
    .exactOptional()
    .describe(
      'how 16-bit samples are converted to 8 bits, for steps that accept only 8. auto (default): by the window of a DICOM file, otherwise as bits, ' +
        'or as range if the samples span less than half of these bits. bits: the upper eight of the bits that are used. range: from the minimum ' +
        'to the maximum sample. percentiles: from 0.1 % to 99.9 % of the samples. full: all 16 bits. window: by the window of a DICOM file',
    ),
};

/** Checked further by `checkCallbackUrl`. */
export const callbackUrlField = z
  .string()
  .optional()
  .describe('receives a signed POST request (Standard Webhooks) when the work is done')
  .meta({ format: 'uri' });

/** Options of a single task. */
export const taskOptions = {
  ...workOptions,
  cache: z
    .boolean('must be true or false')
    .default(true)
    .describe('false: process the image even if an earlier task did the same work'),
  callbackUrl: callbackUrlField,
};

/** The steps and options of a JSON request. */
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

/** `cache` in jobs: finding an earlier result requires the hash of an image, and the images of a job are not read in advance. */
export const noCacheField = {
  cache: z
    .literal(false, { error: 'must be false or omitted: a job processes each of its images' })
    .optional()
    .describe('jobs always process all of their images'),
};
