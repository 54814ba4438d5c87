/** What the API's answers are made of. */

import { z } from 'zod';
import { sensorBits } from '../../imaging/depth.ts';
import { outputSchema } from '../../imaging/output.ts';
import { maxSteps } from '../../limits.ts';
import { jobStates } from '../../model/job.ts';
import { type TaskState, taskStates } from '../../model/states.ts';
import { operations } from '../../operations/registry.ts';
import { workOptions } from './work.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

export const problemSchema = z
  .looseObject({
    type: z.string().describe('stable; what to switch on'),
    status: z.int(),
    title: z.string(),
    detail: z.string().describe('what is wrong here, in a sentence'),
    field: z.string().optional().describe('where in the request it is wrong'),
    limit: z.number().optional(),
  })
  .describe('an error, after RFC 9457')
  .meta({ id: 'Problem' });

/** One operation with its parameters as a request gives them: what is left out has its default. */
export const stepRequestSchema = z
  .discriminatedUnion(
    'operation',
    [...operations.values()].map(({ name, title, params }) =>
      z
        .strictObject({ operation: z.literal(name), params: params.optional() })
        .describe(title)
        .meta({ id: `${pascal(name)}Step` }),
    ) as unknown as [z.ZodObject<{ operation: z.ZodLiteral<string> }>],
  )
  .meta({ id: 'StepRequest' });

export const stepsRequestSchema = z
  .array(stepRequestSchema)
  .min(1)
  .max(maxSteps)
  .describe('operations, one after the other');

export const stepSchema = z
  .object({ operation: z.string(), params: z.record(z.string(), z.unknown()).describe('complete, with defaults') })
  .meta({ id: 'Step' });

/** What is done, as it is shown with a task or a job. */
const workShown = { steps: z.array(stepSchema), output: outputSchema, ...workOptions };

const imageSchema = {
  name: z.string().nullable(),
  contentType: z.string().nullable().describe('as the bytes say; null where nobody has looked yet'),
  bytes: count.nullable(),
  width: count.nullable().describe('pixels'),
  height: count.nullable().describe('pixels'),
};
const inputSchema = z
  .object({
    ...imageSchema,
    pages: z.int().min(1).optional().describe('pages or frames in the file; there once it has been decoded'),
    bits: z
      .literal(sensorBits)
      .optional()
      .describe('how many bits the 16-bit samples of the file use; steps that take 8 bits get the upper eight of them'),
    scaledFrom: z
      .object({ min: z.number(), max: z.number() })
      .optional()
      .describe(
        'the values that became the least and the greatest sample, where signed, 32-bit, floating-point or medical values were spread over what samples can hold',
      ),
  })
  .meta({ id: 'InputImage' });
const resultSchema = z
  .object({
    contentType: z.string(),
    bytes: count,
    width: count.describe('pixels'),
    height: count.describe('pixels'),
    href: z.string(),
  })
  .meta({ id: 'ResultImage' });

const timing = z.number().min(0).optional();

const callbackSchema = z
  .object({
    url: z.string(),
    attempts: count,
    deliveredAt: time.nullable(),
    error: z.string().nullable().describe('why the last attempt failed'),
  })
  .describe('whom to tell of the end, and whether that has worked')
  .meta({ id: 'Callback' });

const requestIdSchema = z.string().nullable().describe('the `X-Request-Id` of the request that brought it');

const taskStateSchema = z.enum(taskStates).meta({ id: 'TaskState' });

export const taskSchema = z
  .object({
    id: z.string(),
    requestId: requestIdSchema,
    jobId: z.string(),
    state: taskStateSchema,
    ...workShown,
    attempts: count,
    createdAt: time,
    startedAt: time.nullable().describe('of the last attempt'),
    finishedAt: time.nullable(),
    instance: z.string().nullable().describe('the instance that works on it, or did last'),
    input: inputSchema,
    reference: inputSchema.nullable(),
    result: resultSchema.nullable(),
    measurements: z
      .array(z.record(z.string(), z.unknown()))
      .nullable()
      .describe(
        'one for each step; what it holds depends on the operation. Null in lists where they are long: get the task',
      ),
    timings: z
      .object({
        queuedMs: timing,
        downloadMs: timing,
        waitMs: timing,
        decodeMs: timing,
        processMs: timing,
        encodeMs: timing,
        uploadMs: timing,
      })
      .describe('of the last attempt, in milliseconds'),
    error: problemSchema.nullable(),
    cached: z.boolean().describe('whether the result is that of an earlier task that did the same'),
    from: z.string().nullable().describe('the earlier task whose image was taken again, where one was named'),
    callback: callbackSchema.nullable(),
    links: z.object({ self: z.string(), input: z.string(), result: z.string().optional() }),
    urls: z
      .object({
        expiresAt: time,
        input: z.string().nullable().describe('null where the image was replaced or deleted'),
        reference: z.string().nullable(),
        result: z.string().nullable(),
      })
      .optional()
      .describe('with `urls=1`: links to the images that need no key, and work until `expiresAt`'),
  })
  .describe('one image (or two, compared) on its way through the steps')
  .meta({ id: 'Task' });

export const jobStateSchema = z
  .enum(jobStates)
  .describe('Completed: every task is done, however it ended. Failed: the tasks could not be made.')
  .meta({ id: 'JobState' });

type CountName = Lowercase<TaskState>;
/** What the number of tasks in a state is called. */
export const countName = (state: TaskState) => state.toLowerCase() as CountName;

const countsSchema = z
  .object(Object.fromEntries(taskStates.map((state) => [countName(state), count])) as Record<CountName, typeof count>)
  .describe('how many of its tasks are in each state');

export const jobSchema = z
  .object({
    id: z.string(),
    requestId: requestIdSchema,
    name: z.string().nullable(),
    state: jobStateSchema,
    total: count.nullable().describe('null until the images under a prefix have been listed'),
    counts: countsSchema,
    ...workShown,
    createdAt: time,
    canceledAt: time.nullable(),
    finishedAt: time.nullable(),
    error: problemSchema.nullable(),
    callback: callbackSchema.nullable(),
    links: z.object({ self: z.string(), tasks: z.string(), results: z.string() }),
  })
  .describe('many images on their way through the same steps')
  .meta({ id: 'Job' });

/** What of a thing the API shows as it stands: the fields that its schema names, too. */
export function shown<Shape extends z.ZodRawShape, Thing extends object>({ shape }: z.ZodObject<Shape>, thing: Thing) {
  const entries = Object.entries(thing).filter(([name]) => Object.hasOwn(shape, name));
  return Object.fromEntries(entries) as Pick<Thing, keyof Thing & keyof Shape>;
}

/** A page of a list. */
export function pageSchema(name: string, item: z.ZodType) {
  return z.object({
    [name]: z.array(item),
    next: z.string().nullable().describe('the next page, as `continuation`; null on the last one'),
  });
}

function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
