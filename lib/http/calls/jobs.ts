/** Jobs: many uploaded images through the same steps. */

import { z } from 'zod';
import { maxJobImages, maxNameCharacters } from '../../limits.ts';
import { imageName, imagePrefix } from '../image-names.ts';
import { bytes, defineEndpoint, jsonAnswer } from './call.ts';
import { paging, state, urls, wait } from './queries.ts';
import { jobSchema, pageSchema, taskSchema } from './schemas.ts';
import { callbackUrlField, noCacheField, workBytes, workFields, workValues } from './work.ts';

export const createJob = defineEndpoint({
  id: 'createJob',
  tag: 'jobs',
  method: 'POST',
  route: 'jobs',
  summary: 'Process many uploaded images with the same steps',
  description: 'Answered at once; the tasks are made afterwards, in the order of the images.',
  json: {
    schema: z.strictObject({
      name: z.string().min(1).max(200).optional().describe('to recognize it by'),
      images: z.array(imageName).min(1).max(maxJobImages).optional().describe('uploaded images; or give a prefix'),
      prefix: imagePrefix.optional().describe('all uploaded images whose names begin so'),
      from: z
        .string()
        .max(64)
        .optional()
        .describe('id of an earlier job, whose images (and second image, where the steps compare two) are taken again'),
      reference: imageName.optional().describe('the image to compare each with, for operations that take two'),
      ...workFields,
      ...noCacheField,
      callbackUrl: callbackUrlField,
    }),
    // The longest name for each of the images, quoted and with a comma, and the work.
    maxBytes: maxJobImages * (maxNameCharacters + 3) + workBytes,
    maxValues: maxJobImages + workValues,
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
  summary: 'Your jobs, newest first',
  query: z.strictObject(paging),
  answers: { 200: jsonAnswer('A page of jobs.', pageSchema('jobs', jobSchema)) },
  problems: ['invalid-parameter'],
});

export const getJob = defineEndpoint({
  id: 'getJob',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs/{id}',
  summary: 'State and exact counts of a job',
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
  summary: 'The tasks of a job, in the order in which its images were named',
  query: z.strictObject({ state, urls, ...paging }),
  answers: { 200: jsonAnswer('A page of tasks.', pageSchema('tasks', taskSchema)) },
  problems: ['job-not-found', 'invalid-parameter'],
});

export const resultFormats = ['zip', 'csv', 'objects-csv', 'jsonl'] as const;

export const getJobResults = defineEndpoint({
  id: 'getJobResults',
  tag: 'jobs',
  method: 'GET',
  route: 'jobs/{id}/results',
  summary: 'All results of a job in one file',
  query: z.strictObject({
    format: z
      .enum(resultFormats)
      .default('zip')
      .describe(
        'zip: the pictures, and tasks.jsonl. jsonl: a task a line. csv: a task a line, with a column for each measurement ' +
          'that is one value. objects-csv: an object a line: each region, face, line… that was found, with its measures.',
      ),
  }),
  answers: {
    200: {
      description: 'The file, of the tasks that are done by now.',
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
  summary: 'Cancel all tasks of a job that are not done',
  answers: { 202: jsonAnswer('The job; its tasks end one after the other.', jobSchema) },
  problems: ['job-not-found', 'not-allowed-now'],
});

export const retryJob = defineEndpoint({
  id: 'retryJob',
  tag: 'jobs',
  method: 'POST',
  route: 'jobs/{id}/retry',
  summary: 'Requeue all failed tasks of a job',
  answers: { 202: jsonAnswer('The job; its tasks are queued one after the other.', jobSchema) },
  problems: ['job-not-found', 'not-allowed-now', 'too-many-open-tasks', 'too-many-images'],
});

export const deleteJob = defineEndpoint({
  id: 'deleteJob',
  tag: 'jobs',
  method: 'DELETE',
  route: 'jobs/{id}',
  summary: 'Delete a job, its tasks and their results; uploaded images stay',
  answers: { 204: { description: 'Deleted.' } },
  problems: ['job-not-found'],
});
