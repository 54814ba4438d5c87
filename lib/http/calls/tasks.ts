/** Tasks: one image each. */
import { z } from 'zod';
import { maxIdCharacters, maxWorkBytes, maxWorkValues } from '../../limits.ts';
import { imageName } from '../image-names.ts';
import { bytes, defineEndpoint, jsonAnswer } from './call.ts';
import { download, paging, state, urls, wait } from './queries.ts';
import { pageSchema, stepsRequestSchema, taskSchema } from './schemas.ts';
import { taskOptions, workFields } from './work.ts';

const etagHeader = z.object({ ETag: z.string() });
const location = z.object({ Location: z.string() });

const badWork = [
  'malformed-request',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
  'invalid-parameter',
  'missing-operation',
  'conflicting-operations',
  'unknown-operation',
  'unknown-preset',
  'missing-reference',
  'unexpected-reference',
] as const;

const badImage = [
  'missing-image',
  'empty-image',
  'image-too-large',
  'unsupported-image',
  'too-many-pixels',
  'input-not-found',
  'upload-not-declared',
] as const;

const text = z.string().optional();

/** Fields of the query and text fields of a multipart body. */
const fields = {
  operation: text.describe('the operation; its parameters are separate fields'),
  preset: text.describe('a named chain of steps, instead of an operation'),
  name: text.describe('file name of the image, if the body consists of its bytes alone'),
  ...taskOptions,
};

export const createTask = defineEndpoint({
  id: 'createTask',
  tag: 'tasks',
  method: 'POST',
  route: 'tasks',
  summary: 'Submit an image',
  description:
    'Send multipart/form-data, or the bytes of the image with all other fields in the query, or JSON that names images ' +
    'uploaded before, or an earlier task whose image is used again.',
  query: z.looseObject(fields).describe('all other fields are parameters of the operation'),
  json: {
    schema: z.strictObject({
      image: imageName.optional(),
      reference: imageName.optional(),
      from: z
        .string()
        .max(maxIdCharacters)
        .optional()
        .describe('ID of an earlier task: its image (and its second image, if the steps compare two) is used again'),
      ...workFields,
      ...taskOptions,
    }),
    maxBytes: maxWorkBytes,
    maxValues: maxWorkValues,
  },
  raw: {
    'multipart/form-data': z.looseObject({
      image: bytes,
      reference: bytes.optional().describe('the second image, for operations that compare two'),
      steps: stepsRequestSchema.optional(),
      params: z.record(z.string(), z.unknown()).optional().describe('parameters of the operation'),
      ...fields,
    }),
    'image/*': bytes,
    'application/dicom': bytes,
    'application/octet-stream': bytes,
  },
  answers: {
    200: jsonAnswer(
      'Succeeded. The result was taken from an earlier task that did the same work.',
      taskSchema,
      location,
    ),
    202: jsonAnswer('Accepted.', taskSchema, location),
  },
  problems: [...badWork, ...badImage, 'invalid-callback-url', 'too-many-open-tasks'],
});

export const listTasks = defineEndpoint({
  id: 'listTasks',
  tag: 'tasks',
  method: 'GET',
  route: 'tasks',
  summary: 'List your tasks, newest job first',
  query: z.strictObject({ state, ...paging }),
  answers: { 200: jsonAnswer('A page of tasks.', pageSchema('tasks', taskSchema)) },
  problems: ['invalid-parameter'],
});

export const getTask = defineEndpoint({
  id: 'getTask',
  tag: 'tasks',
  method: 'GET',
  route: 'tasks/{id}',
  summary: 'Get the state, measurements and timings of a task',
  query: z.strictObject({ wait, urls }),
  answers: {
    200: jsonAnswer('The task.', taskSchema, etagHeader),
    304: { description: 'Not modified (If-None-Match).' },
  },
  problems: ['task-not-found', 'invalid-parameter'],
});

const image = {
  200: { description: 'The bytes, with `download=1`.', content: { '*/*': bytes } },
  302: { description: 'A redirect to a temporary link.', headers: location },
};

export const getResult = defineEndpoint({
  id: 'getResult',
  tag: 'tasks',
  method: 'GET',
  route: 'tasks/{id}/result',
  summary: 'Get the result image',
  query: z.strictObject({ download }),
  answers: image,
  problems: ['task-not-found', 'result-not-ready', 'result-not-found', 'invalid-parameter'],
});

export const getObjects = defineEndpoint({
  id: 'getObjects',
  tag: 'tasks',
  method: 'GET',
  route: 'tasks/{id}/objects',
  summary: 'Get a table of the objects found',
  description:
    'One row for each object, face, line, circle… that the steps list. The columns depend on the steps alone, except those of channels, ' +
    'which come last: tables of the same steps can be joined.',
  answers: { 200: { description: 'The table (RFC 4180).', content: { 'text/csv': z.string() } } },
  problems: ['task-not-found', 'result-not-ready'],
});

export const getInput = defineEndpoint({
  id: 'getInput',
  tag: 'tasks',
  method: 'GET',
  route: 'tasks/{id}/input',
  summary: 'Get the submitted image',
  query: z.strictObject({ download, role: z.enum(['image', 'reference']).default('image') }),
  answers: image,
  problems: ['task-not-found', 'missing-reference', 'input-not-found', 'input-changed', 'invalid-parameter'],
});

export const cancelTask = defineEndpoint({
  id: 'cancelTask',
  tag: 'tasks',
  method: 'POST',
  route: 'tasks/{id}/cancel',
  summary: 'Cancel a task',
  answers: { 200: jsonAnswer('The canceled task.', taskSchema) },
  problems: ['task-not-found', 'not-allowed-now'],
});

export const retryTask = defineEndpoint({
  id: 'retryTask',
  tag: 'tasks',
  method: 'POST',
  route: 'tasks/{id}/retry',
  summary: 'Requeue a failed or canceled task',
  answers: { 202: jsonAnswer('The queued task.', taskSchema) },
  problems: ['task-not-found', 'not-allowed-now', 'too-many-open-tasks'],
});

export const deleteTask = defineEndpoint({
  id: 'deleteTask',
  tag: 'tasks',
  method: 'DELETE',
  route: 'tasks/{id}',
  summary: 'Delete a task, its result and the image submitted with it',
  answers: { 204: { description: 'Deleted.' } },
  problems: ['task-not-found', 'not-allowed-now'],
});
