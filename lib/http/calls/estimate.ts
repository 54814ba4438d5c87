/** What many images take: time and cost in Azure, before they are submitted. */
import { z } from 'zod';
import { inputFormats } from '../../estimate/input-formats.ts';
import type { WallName } from '../../estimate/simulate.ts';
import { maxEstimatedDownloads, maxEstimatedImages } from '../../limits.ts';
import { defineEndpoint, jsonAnswer } from './call.ts';

const seconds = z.number().min(0).meta({ unit: 's' });
const perSecond = z.number().min(0);

/** What is asked, apart from the work. No operation has a parameter of these names. */
export const estimateFields = {
  images: z.int().min(1).max(maxEstimatedImages).describe('number of images'),
  megapixels: z.number().min(0.001).max(250).default(12).describe('size of an image'),
  bytes: z
    .int()
    .min(1)
    .max(100 * 2 ** 20)
    .optional()
    .describe('of an image file; default: as usual for its format and size'),
  inputFormat: z.enum(inputFormats).default('jpeg').describe('format of the images'),
  downloads: z
    .number()
    .min(0)
    .max(maxEstimatedDownloads)
    .default(1)
    .describe('how often each result is downloaded over the internet'),
  maximumInstances: z
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('TESSERA_PROCESS_MAXIMUM of the deployment: the most instances that process jobs'),
};

/** As `POST /api/tasks` takes them in its query. */
const workQuery = {
  operation: z.string().optional().describe('one operation; its parameters may be fields of their own'),
  params: z.string().optional().describe('parameters of the operation (JSON)'),
  steps: z.string().optional().describe('operations in the order in which they are applied (JSON)'),
  preset: z.string().optional().describe('the name of a predefined sequence of steps'),
  output: z.string().optional().describe('how the result is encoded (JSON)'),
};

const stepCost = z.object({ operation: z.string(), seconds });

const wall = z.object({
  name: z.enum([
    'maximum-instances',
    'core-quota',
    'queue',
    'dispatcher',
    'account',
    'bandwidth',
    'partitions',
  ] as const satisfies WallName[]),
  tasksPerSecond: perSecond,
});

const money = z.number().min(0);

const assumption = z.object({ name: z.string(), value: z.union([z.number(), z.string()]), description: z.string() });

const estimateSchema = z
  .object({
    images: z.int(),
    image: z
      .object({
        seconds: seconds.describe('CPU time of one image: decoding, steps and encoding'),
        decodeSeconds: seconds,
        steps: z.array(stepCost),
        encodeSeconds: seconds,
        inputBytes: z.int(),
        resultBytes: z.int(),
      })
      .describe('one image'),
    requestsPerTask: z
      .object({ blobs: z.number(), rows: z.number(), messages: z.number(), total: z.number() })
      .describe('requests to the storage while one task is processed'),
    instances: z.int().describe('most instances at the same time'),
    seconds: seconds.describe('until the last image is done'),
    limitedBy: wall.shape.name
      .or(z.enum(['scale-out']))
      .describe('what most images wait for; scale-out: instances that have not started yet'),
    walls: z.array(wall).describe('what limits the images per second, lowest first'),
    cost: z
      .object({
        currency: z.string(),
        total: money,
        compute: money,
        requests: money.describe('requests to the storage'),
        capacity: money.describe('storage of images and results until they expire'),
        telemetry: money,
        egress: money.describe('downloads of the results over the internet'),
      })
      .describe('sum of list prices, without free grants'),
    prices: z.object({ region: z.string(), date: z.string(), kind: z.string() }),
    assumptions: z.array(assumption),
  })
  .meta({ id: 'Estimate' });

export const getEstimate = defineEndpoint({
  id: 'getEstimate',
  tag: 'service',
  method: 'GET',
  route: 'estimate',
  summary: 'Estimate time and cost of many images in Azure',
  description:
    'Calculated from measured CPU times, a simulation of the scale-out, and list prices. Parameters of operations are assumed to be the defaults, except for the size of `resize` and `crop`.',
  query: z.object({ ...estimateFields, ...workQuery }).catchall(z.union([z.string(), z.number()])),
  answers: { 200: jsonAnswer('The estimate.', estimateSchema) },
  problems: [
    'missing-operation',
    'conflicting-operations',
    'unknown-operation',
    'unknown-preset',
    'too-many-pixels',
    'image-too-large',
  ],
});
