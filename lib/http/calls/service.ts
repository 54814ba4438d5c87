/** The service itself, and the secret with which it signs callbacks. */
import { z } from 'zod';
import { outputSchema } from '../../imaging/output.ts';
import { defineEndpoint, jsonAnswer } from './call.ts';
import { stepSchema } from './schemas.ts';

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema');

const operationSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    group: z.string(),
    summary: z.string().describe('what it does and when to use it'),
    source: z.string().describe('where the algorithm is described'),
    inputs: z.array(z.enum(['image', 'reference'])),
    params: jsonSchema,
  })
  .meta({ id: 'Operation' });

const presetSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    steps: z.array(stepSchema),
    output: outputSchema,
  })
  .describe('a named chain of steps')
  .meta({ id: 'Preset' });

const limitsSchema = z
  .object({
    imageBytes: z.int().describe('of a file'),
    imagePixels: z.int().describe('of one page'),
    jobImages: z.int(),
    steps: z.int(),
  })
  .describe('the most that is taken')
  .meta({ id: 'Limits' });

export const getOperations = defineEndpoint({
  id: 'getOperations',
  tag: 'service',
  method: 'GET',
  route: 'operations',
  summary: 'The operations, with the schema of their parameters, and the presets',
  open: true,
  answers: {
    200: jsonAnswer(
      'All operations, presets and limits.',
      z.object({ operations: z.array(operationSchema), presets: z.array(presetSchema), limits: limitsSchema }),
    ),
  },
  problems: [],
});

export const getHealth = defineEndpoint({
  id: 'getHealth',
  tag: 'service',
  method: 'GET',
  route: 'health',
  summary: 'Whether the service accepts tasks',
  open: true,
  answers: { 200: jsonAnswer('The service accepts tasks.', z.object({ status: z.literal('ok') })) },
  problems: [],
});

const count = z.number().min(0);

const instanceSchema = z
  .object({
    id: z.string(),
    seenAt: z.iso.datetime().describe('its last sign of life'),
    running: count.describe('tasks it works on'),
    endedPerMinute: count,
    tasks: z
      .array(
        z.object({
          id: z.string(),
          jobId: z.string(),
          name: z.string().nullable().describe('of its image'),
          operations: z.array(z.string()),
          startedAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('those of them that are yours'),
  })
  .meta({ id: 'Instance' });

export const getInstances = defineEndpoint({
  id: 'getInstances',
  tag: 'service',
  method: 'GET',
  route: 'instances',
  summary: 'The instances at work',
  answers: {
    200: jsonAnswer(
      'Those that gave a sign of life in the last minute.',
      z.object({ instances: z.array(instanceSchema) }),
    ),
  },
  problems: [],
});

const statsSchema = z
  .object({
    queued: count.describe(
      'tasks that wait, as the storage estimates them, and images of jobs that are to become tasks',
    ),
    running: count,
    oldestQueuedSeconds: count.nullable().describe('how long the first one in line has waited'),
    endedPerMinute: count.describe(
      'tasks that end in a minute at the pace of the last one, or of the part of it in which there was work',
    ),
    secondsLeft: count.nullable().describe('until the line is empty at this pace'),
    poisoned: count.describe('messages of tasks and jobs that were given up and are on no row yet'),
    instances: count,
  })
  .meta({ id: 'Stats' });

export const getStats = defineEndpoint({
  id: 'getStats',
  tag: 'service',
  method: 'GET',
  route: 'stats',
  summary: 'What there is to do for all callers, and how fast it goes',
  answers: { 200: jsonAnswer('The current state.', statsSchema) },
  problems: [],
});

export const getOpenApi = defineEndpoint({
  id: 'getOpenApi',
  tag: 'service',
  method: 'GET',
  route: 'openapi.json',
  summary: 'This document',
  open: true,
  answers: { 200: jsonAnswer('OpenAPI 3.1.', z.record(z.string(), z.unknown())) },
  problems: [],
});

const secretSchema = z
  .object({ secret: z.string().describe('`whsec_…`, as the libraries of Standard Webhooks take it') })
  .meta({ id: 'CallbackSecret' });

export const getCallbackSecret = defineEndpoint({
  id: 'getCallbackSecret',
  tag: 'callbacks',
  method: 'GET',
  route: 'callback-secret',
  summary: 'The secret with which your callbacks are signed',
  answers: { 200: jsonAnswer('The secret, made when it is first asked for.', secretSchema) },
  problems: [],
});

export const replaceCallbackSecret = defineEndpoint({
  id: 'replaceCallbackSecret',
  tag: 'callbacks',
  method: 'POST',
  route: 'callback-secret/replace',
  summary: 'Get another secret; for a day callbacks are signed with both',
  answers: { 200: jsonAnswer('The new secret.', secretSchema) },
  problems: [],
});
