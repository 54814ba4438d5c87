/** The service itself, and the secret with which it signs callbacks. */
import { z } from 'zod';
import { defineEndpoint, jsonAnswer } from './call.ts';
import { presetSchema } from './presets.ts';

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema');

const operationSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    group: z.string(),
    summary: z.string().describe('what it does and when to use it'),
    source: z.string().describe('where the algorithm is described'),
    inputs: z.array(z.enum(['image', 'reference'])),
    referenceParam: z
      .string()
      .nullable()
      .describe('list among the parameters that takes the place of the second image, unless it is empty'),
    params: jsonSchema,
    measures: jsonSchema,
  })
  .meta({ id: 'Operation' });

const limitsSchema = z
  .object({
    imageBytes: z.int().describe('of a file'),
    imagePixels: z.int().describe('of one page'),
    jobImages: z.int(),
    steps: z.int(),
  })
  .describe('limits of the service')
  .meta({ id: 'Limits' });

export const getOperations = defineEndpoint({
  id: 'getOperations',
  tag: 'service',
  method: 'GET',
  route: 'operations',
  summary: 'List the operations with the schemas of their parameters, and the presets',
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
  .describe('when the operator paused the service: new tasks are accepted and wait. Null while it is running');

export const getHealth = defineEndpoint({
  id: 'getHealth',
  tag: 'service',
  method: 'GET',
  route: 'health',
  summary: 'Check whether the service accepts tasks',
  open: true,
  answers: {
    200: jsonAnswer('The service accepts tasks.', z.object({ status: z.literal('ok'), pausedSince })),
  },
  problems: [],
});

const instanceSchema = z
  .object({
    id: z.string(),
    seenAt: z.iso.datetime().describe('time of its last heartbeat'),
    running: count.describe('number of tasks it is processing'),
    endedPerMinute: count,
    tasks: z
      .array(
        z.object({
          id: z.string(),
          jobId: z.string(),
          name: z.string().nullable().describe('name of its image'),
          operations: z.array(z.string()),
          startedAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('your tasks among them'),
  })
  .meta({ id: 'Instance' });

export const getInstances = defineEndpoint({
  id: 'getInstances',
  tag: 'service',
  method: 'GET',
  route: 'instances',
  summary: 'List the active instances',
  answers: {
    200: jsonAnswer(
      'The instances that sent a heartbeat in the last minute.',
      z.object({ instances: z.array(instanceSchema) }),
    ),
  },
  problems: [],
});

const lineSchema = z.object({
  messages: count.describe('tasks waiting or being processed'),
  expectedStartSeconds: count.nullable().describe('until a task submitted now starts, at the current pace'),
});

const statsSchema = z
  .object({
    queued: count.describe(
      'waiting tasks: messages, as estimated by the storage, and tasks of jobs that are not in the queue yet',
    ),
    running: count,
    oldestQueuedSeconds: count.nullable().describe('how long the oldest task in a queue has been waiting'),
    endedPerMinute: count.describe(
      'tasks finished in the last minute, or extrapolated from the part of it in which there was work',
    ),
    secondsLeft: count.nullable().describe('until the backlog is empty, at the current pace'),
    poisoned: count.describe('messages of tasks and jobs in the poison queues'),
    instances: count,
    tasks: lineSchema.describe('single tasks; they have a queue of their own and never wait behind a job'),
    jobs: lineSchema
      .extend({
        waiting: count.describe('tasks that are not in the queue yet'),
        jobs: count.describe('jobs that have such tasks'),
        callers: count.describe('callers that have such jobs; each gets an equal share of the queue'),
      })
      .describe('tasks of jobs'),
    pausedSince,
    yourJobs: z
      .array(
        z.object({
          jobId: z.string(),
          waiting: count
            .nullable()
            .describe('its tasks that are not in the queue yet; null until they have been counted'),
          ahead: count.describe('tasks of jobs that start before its next one'),
          expectedStartSeconds: count.nullable().describe('until its next task starts'),
          secondsLeft: count.nullable().describe('until its last task starts, at its share of the pace'),
        }),
      )
      .describe('your jobs that have tasks not in the queue yet'),
  })
  .meta({ id: 'Stats' });

export const getStats = defineEndpoint({
  id: 'getStats',
  tag: 'service',
  method: 'GET',
  route: 'stats',
  summary: 'Get the backlog, the pace, and the position of your jobs',
  answers: { 200: jsonAnswer('The current state.', statsSchema) },
  problems: [],
});

const ms = z.number().min(0).meta({ unit: 'ms' });
const time = z.iso.datetime();

const keptSchema = z.object({ blobs: count, bytes: count, at: time.describe('when it was counted') });

const historySchema = z
  .object({
    samples: z
      .array(
        z.object({
          at: time,
          queued: count.describe('waiting tasks: `tessera.backlog`'),
          running: count.describe('`tessera.running`'),
          oldestQueuedSeconds: count
            .nullable()
            .describe('how long the oldest task in a queue had been waiting: `tessera.queue.age`'),
          instances: count.describe('`tessera.instances`'),
          poisoned: count.describe('`tessera.poisoned`'),
        }),
      )
      .describe('one per minute, oldest first; none while the service is paused'),
    ends: z
      .array(
        z.object({
          at: time.describe('beginning of a period of five minutes'),
          succeeded: count,
          failed: count,
          canceled: count,
          failures: z.record(z.string(), count).describe('failed tasks by problem type, such as `corrupt-image`'),
          operations: z
            .record(
              z.string(),
              z.object({
                tasks: count,
                phases: z.record(z.string(), z.object({ sum: ms, longest: ms })),
              }),
            )
            .describe('`tessera.task.duration` by operation (`pipeline` for several steps) and phase'),
        }),
      )
      .describe('tasks that ended, by periods, oldest first; instances report once a minute'),
    storage: z
      .object({ inputs: keptSchema, results: keptSchema })
      .nullable()
      .describe('storage used when expired data were last deleted; null until then'),
  })
  .meta({ id: 'History' });

export const getHistory = defineEndpoint({
  id: 'getHistory',
  tag: 'service',
  method: 'GET',
  route: 'stats/history',
  summary: 'Get backlog, finished tasks, durations and failures of the last hours',
  query: z.strictObject({
    hours: z.number().min(0.1).max(48).default(6).describe('how far to go back').meta({ unit: 'h' }),
  }),
  answers: { 200: jsonAnswer('What the service has recorded.', historySchema) },
  problems: [],
});

export const getOpenApi = defineEndpoint({
  id: 'getOpenApi',
  tag: 'service',
  method: 'GET',
  route: 'openapi.json',
  summary: 'Get the OpenAPI document',
  open: true,
  answers: { 200: jsonAnswer('OpenAPI 3.1.', z.record(z.string(), z.unknown())) },
  problems: [],
});

const secretSchema = z
  .object({ secret: z.string().describe('`whsec_…`, as expected by the Standard Webhooks libraries') })
  .meta({ id: 'CallbackSecret' });

export const getCallbackSecret = defineEndpoint({
  id: 'getCallbackSecret',
  tag: 'callbacks',
  method: 'GET',
  route: 'callback-secret',
  summary: 'Get the secret that signs your callbacks',
  answers: { 200: jsonAnswer('The secret. It is created by the first request.', secretSchema) },
  problems: [],
});

export const replaceCallbackSecret = defineEndpoint({
  id: 'replaceCallbackSecret',
  tag: 'callbacks',
  method: 'POST',
  route: 'callback-secret/replace',
  summary: 'Replace the secret; for one day callbacks are signed with both',
  answers: { 200: jsonAnswer('The new secret.', secretSchema) },
  problems: [],
});
