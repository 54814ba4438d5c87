/** Jobs: many uploaded images through the same steps. */

import { z } from 'zod';
import {
  maxIdCharacters,
  maxJobImages,
  maxJobNameCharacters,
  maxNameCharacters,
  maxWorkBytes,
  maxWorkValues,
} from '../../limits.ts';
import { imageName, imagePrefix } from '../image-names.ts';
import { bytes, defineEndpoint, jsonAnswer } from './call.ts';
import { paging, state, urls, wait } from './queries.ts';
import { jobSchema, pageSchema, taskSchema } from './schemas.ts';
import { callbackUrlField, noCacheField, workFields } from './work.ts';

export const createJob = defineEndpoint({
  id: 'createJob',
  tag: 'jobs',
  method: 'POST',
  route: 'jobs',
  summary: 'Process many uploaded images with the same steps',
  description: 'The response is immediate. The tasks are created afterwards, in the order of the images.',
  json: {
    schema: z.strictObject({
      name: z.string().min(1).max(maxJobNameCharacters).optional().describe('a name of your choice'),
      images: z
        .array(imageName)
        .min(1)
        .max(maxJobImages)
        .optional()
        .describe('names of uploaded images; alternatively specify a prefix'),
      prefix: imagePrefix.optional().describe('selects all uploaded images whose names start with it'),
      from: z
        .string()
        .max(maxIdCharacters)
        .optional()
        .describe('ID of an earlier job: its images (and its second image, if the steps compare two) are used again'),
      reference: imageName.optional().describe('the second image, for operations that compare two'),
      ...workFields,
      ...noCacheField,
      callbackUrl: callbackUrlField,
    }),
    // The longest name for each of the images, quoted and with a comma, and the work.
    maxBytes: maxJobImages * (maxNameCharacters + 3) + maxWorkBytes,
    maxValues: maxJobImages + maxWorkValues,
  },
  answers: { 202: jsonAnswer('Accepted.', jobSchema, z.object({ Location: z.string() })) },
  problems: [
    'malformed-request',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'invalid-parameter',
    'missing-image',
    'input-not-found',
    'missing-operation',
    'conflicting-operations',
    'unknown-operation',
    'unknown-preset',
    'missing-reference',
    'unexpected-reference',
    'invalid-callback-url',
    'too-many-images',
    'too-many-open-tasks',
  ],
});

export const listJobs = defineEndpoint({
  id: 'listJobs',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs',
  summary: 'List your jobs, newest first',
  query: z.strictObject(paging),
  answers: { 200: jsonAnswer('A page of jobs.', pageSchema('jobs', jobSchema)) },
  problems: ['invalid-parameter'],
});

export const getJob = defineEndpoint({
  id: 'getJob',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs/{id}',
  summary: 'Get the state and the exact counts of a job',
  query: z.strictObject({ wait }),
  answers: {
    200: jsonAnswer('The job.', jobSchema, z.object({ ETag: z.string() })),
    304: { description: 'Not modified (If-None-Match).' },
  },
  problems: ['job-not-found', 'invalid-parameter'],
});

export const listJobTasks = defineEndpoint({
  id: 'listJobTasks',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs/{id}/tasks',
  summary: 'List the tasks of a job in the order of its images',
  query: z.strictObject({ state, urls, ...paging }),
  answers: { 200: jsonAnswer('A page of tasks.', pageSchema('tasks', taskSchema)) },
  problems: ['job-not-found', 'invalid-parameter'],
});

export const resultFormats = ['zip', 'csv', 'objects-csv', 'failures-csv', 'jsonl', 'values-jsonl'] as const;

export const getJobResults = defineEndpoint({
  id: 'getJobResults',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs/{id}/results',
  summary: 'Download all results of a job',
  query: z.strictObject({
    format: z
      .enum(resultFormats)
      .default('zip')
      .describe(
        'zip: the result images, results.csv (as csv) and tasks.jsonl (as jsonl). jsonl: one task per line. csv: one task per row, with a column for each measurement ' +
          'that is a single value. objects-csv: one row for each object found (region, face, line…), with its measurements. ' +
          'failures-csv: one failed task per row, with the reason. values-jsonl: one task per line, as an object of `index`, `id`, ' +
          '`name`, `state`, `error` and `values`: the measurements that are a single value, and the length of each list.',
      ),
  }),
  answers: {
    200: {
      description: 'The file. It covers the tasks that are done.',
      content: { 'application/zip': bytes, 'text/csv': z.string(), 'application/jsonl': z.string() },
    },
  },
  problems: ['job-not-found', 'invalid-parameter'],
});

export const cancelJob = defineEndpoint({
  id: 'cancelJob',
  tag: 'jobs',
  method: 'POST',
  route: 'jobs/{id}/cancel',
  summary: 'Cancel all unfinished tasks of a job',
  answers: { 202: jsonAnswer('The job. Its tasks are canceled one after the other.', jobSchema) },
  problems: ['job-not-found', 'not-allowed-now'],
});

export const retryJob = defineEndpoint({
  id: 'retryJob',
  tag: 'jobs',
  method: 'POST',
  route: 'jobs/{id}/retry',
  summary: 'Requeue all failed tasks of a job',
  answers: { 202: jsonAnswer('The job. Its tasks are queued one after the other.', jobSchema) },
  problems: ['job-not-found', 'not-allowed-now', 'too-many-open-tasks', 'too-many-images'],
});

export const deleteJob = defineEndpoint({
  id: 'deleteJob',
  tag: 'jobs',
  method: 'DELETE',
  route: 'jobs/{id}',
  summary: 'Delete a job, its tasks and their results, but not uploaded images',
  answers: { 204: { description: 'Deleted.' } },
  problems: ['job-not-found'],
});
