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

const count = z.number().min(0);

const pausedSince = z.iso
  .datetime()
  .nullable()
  .describe('since when the operator lets nothing be begun; what is submitted waits. Null while work goes on');

export const getHealth = defineEndpoint({
  id: 'getHealth',
  tag: 'service',
  method: 'GET',
  route: 'health',
  summary: 'Whether the service accepts tasks',
  open: true,
  answers: {
    200: jsonAnswer('The service accepts tasks.', z.object({ status: z.literal('ok'), pausedSince })),
  },
  problems: [],
});

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

const lineSchema = z.object({
  messages: count.describe('tasks that wait and tasks at work'),
  expectedStartSeconds: count.nullable().describe('until a task that is submitted now begins, at this pace'),
});

const statsSchema = z
  .object({
    queued: count.describe(
      'tasks that wait: messages, as the storage estimates them, and tasks of jobs that wait for room in the queue',
    ),
    running: count,
    oldestQueuedSeconds: count.nullable().describe('how long the first task in a queue has waited'),
    endedPerMinute: count.describe(
      'tasks that end in a minute at the pace of the last one, or of the part of it in which there was work',
    ),
    secondsLeft: count.nullable().describe('until nothing waits at this pace'),
    poisoned: count.describe('messages of tasks and jobs that were given up and are on no row yet'),
    instances: count,
    tasks: lineSchema.describe('single tasks, which have a queue of their own: no job stands before them'),
    jobs: lineSchema
      .extend({
        waiting: count.describe('tasks that get into the queue when there is room'),
        jobs: count.describe('jobs with such tasks'),
        callers: count.describe('callers with such jobs; each has an equal share of the room'),
      })
      .describe('tasks of jobs'),
    pausedSince,
    yourJobs: z
      .array(
        z.object({
          jobId: z.string(),
          waiting: count
            .nullable()
            .describe('its tasks for which there is no room yet; null while nobody has counted them'),
          ahead: count.describe('tasks of jobs that begin before its next one'),
          expectedStartSeconds: count.nullable().describe('until that one begins'),
          secondsLeft: count.nullable().describe('until its last task begins, at its share of the pace'),
        }),
      )
      .describe('where your jobs stand that wait for room in the queue'),
  })
  .meta({ id: 'Stats' });

export const getStats = defineEndpoint({
  id: 'getStats',
  tag: 'service',
  method: 'GET',
  route: 'stats',
  summary: 'What there is to do for all callers, how fast it goes, and where your jobs stand',
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
