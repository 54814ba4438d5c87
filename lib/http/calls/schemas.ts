/** The schemas of the API's responses. */

import { z } from 'zod';
import { sensorBits } from '../../imaging/depth.ts';
import { outputSchema } from '../../imaging/output.ts';
import { maxSteps } from '../../limits.ts';
import { jobStates } from '../../model/job.ts';
import { type TaskState, taskStates } from '../../model/states.ts';
import { operations } from '../../operations/registry.ts';
import { pixelSizeSources } from '../../vision/pixel-size.ts';
import { workOptions } from './work.ts';

const count = z.int().min(0);
const time = z.iso.datetime();

export const problemSchema = z
  .looseObject({
    type: z.string().describe('stable identifier of the problem type'),
    status: z.int(),
    title: z.string(),
    detail: z.string().describe('what is wrong, in one sentence'),
    field: z.string().optional().describe('the field at fault'),
    limit: z.number().optional(),
  })
  .describe('an error (RFC 9457)')
  .meta({ id: 'Problem' });

/** One operation with its parameters as a request gives them: what is left out has its default. */
const stepRequestSchema = z
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
  .describe('operations in the order in which they are applied');

export const stepSchema = z
  .object({
    operation: z.string(),
    params: z.record(z.string(), z.unknown()).describe('all parameters, defaults included'),
  })
  .meta({ id: 'Step' });

/** What the operations measure, each with a name of its own. */
const measurementSchemas = [...operations.values()].flatMap(({ name, title, measures }) =>
  measures ? [measures.describe(`measurements of: ${title}`).meta({ id: `${pascal(name)}Measurements` })] : [],
);

/** What is done, as it is shown with a task or a job. */
const workShown = { steps: z.array(stepSchema), output: outputSchema, ...workOptions };

const imageSchema = {
  name: z.string().nullable(),
  contentType: z.string().nullable().describe('detected from the bytes; null until the image has been read'),
  bytes: count.nullable(),
  width: count.nullable().describe('pixels'),
  height: count.nullable().describe('pixels'),
};
const inputSchema = z
  .object({
    ...imageSchema,
    pages: z
      .int()
      .min(1)
      .optional()
      .describe('number of pages or frames in the file; present once it has been decoded'),
    bits: z
      .literal(sensorBits)
      .optional()
      .describe(
        'number of bits used by the 16-bit samples of the file; steps that work on 8 bits receive the upper eight',
      ),
    scaledFrom: z
      .object({ min: z.number(), max: z.number() })
      .optional()
      .describe(
        'the values of the minimum and the maximum sample, if signed, 32-bit, floating-point or medical values were scaled to the range of samples',
      ),
    reducedFrom: z
      .object({ min: z.number(), max: z.number() })
      .optional()
      .describe(
        'the values that become black and white in steps on 8 bits; present if the request specifies a `depth`',
      ),
    pixelSize: z
      .object({
        x: z.number().describe('width of a pixel'),
        y: z.number().describe('height of a pixel'),
        unit: z.string(),
        from: z.enum(pixelSizeSources).describe('where the file specifies it'),
      })
      .optional()
      .describe('size of a pixel, if the file specifies it; used by measurements unless the request specifies another'),
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
  .describe('the callback and the state of its delivery')
  .meta({ id: 'Callback' });

const requestIdSchema = z.string().nullable().describe('the `X-Request-Id` of the request that created it');

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
    startedAt: time.nullable().describe('start of the last attempt'),
    finishedAt: time.nullable(),
    instance: z.string().nullable().describe('the instance that is processing it or processed it last'),
    input: inputSchema,
    reference: inputSchema.nullable(),
    result: resultSchema.nullable(),
    measurements: z
      .array(z.union([...measurementSchemas, z.record(z.string(), z.unknown())]))
      .nullable()
      .describe(
        'one object for each step, with the measurements of its operation; empty if it measures nothing. Null in lists if they are long: get the task instead',
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
      .describe('durations of the last attempt, in milliseconds'),
    error: problemSchema.nullable(),
    cached: z.boolean().describe('whether the result was taken from an earlier task that did the same work'),
    from: z.string().nullable().describe('the earlier task whose image was used again, if any'),
    callback: callbackSchema.nullable(),
    links: z.object({ self: z.string(), input: z.string(), result: z.string().optional() }),
    urls: z
      .object({
        expiresAt: time,
        input: z.string().nullable().describe('null if the image was replaced or deleted'),
        reference: z.string().nullable(),
        result: z.string().nullable(),
        inputRendition: z
          .string()
          .nullable()
          .describe(
            'an image of the input that every browser can display: the input itself, or WebP with at most 2048 pixels per side; null until it exists',
          ),
        rendition: z.string().nullable().describe('the same for the result'),
        thumbnail: z
          .string()
          .nullable()
          .describe('the result with at most 320 pixels per side, or the result itself if it is small'),
      })
      .optional()
      .describe('with `urls=1`: links to the images; they need no key and are valid until `expiresAt`'),
  })
  .describe('the processing of one image, or of two that are compared')
  .meta({ id: 'Task' });

const jobStateSchema = z
  .enum(jobStates)
  .describe('Completed: all tasks are done, successful or not. Failed: the tasks could not be created.')
  .meta({ id: 'JobState' });

type CountName = Lowercase<TaskState>;
/** What the number of tasks in a state is called. */
export const countName = (state: TaskState) => state.toLowerCase() as CountName;

const countsSchema = z
  .object(Object.fromEntries(taskStates.map((state) => [countName(state), count])) as Record<CountName, typeof count>)
  .describe('number of its tasks in each state');

export const jobSchema = z
  .object({
    id: z.string(),
    requestId: requestIdSchema,
    name: z.string().nullable(),
    state: jobStateSchema,
    total: count.nullable().describe('number of images; null until the images under a prefix have been listed'),
    counts: countsSchema,
    ...workShown,
    createdAt: time,
    canceledAt: time.nullable(),
    finishedAt: time.nullable(),
    error: problemSchema.nullable(),
    callback: callbackSchema.nullable(),
    links: z.object({ self: z.string(), tasks: z.string(), results: z.string() }),
  })
  .describe('the processing of many images with the same steps')
  .meta({ id: 'Job' });

/** What of a thing the API shows as it stands: the fields that its schema names, too. */
export function shown<Shape extends z.ZodRawShape, Thing extends object>({ shape }: z.ZodObject<Shape>, thing: Thing) {
  const names = Object.keys(shape).filter((name) => name in thing) as (keyof Thing & keyof Shape)[];
  return Object.fromEntries(names.map((name) => [name, thing[name]])) as Pick<Thing, keyof Thing & keyof Shape>;
}

/** A page of a list. */
export function pageSchema(name: string, item: z.ZodType) {
  return z.object({
    [name]: z.array(item),
    next: z.string().nullable().describe('value of `continuation` for the next page; null on the last page'),
  });
}

function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
