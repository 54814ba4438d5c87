/** Every setting of the app: its name, default, unit and range. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { isNcrontab } from '../setting-formats.ts';
import {
  dataConnection,
  furtherStorageAccess,
  type StorageAccess,
  storageAccess,
  storageSchema,
} from '../storage/access.ts';

const schedule = z
  .string()
  .refine(isNcrontab, 'must be an NCRONTAB expression of six fields, seconds first, such as 0 17 * * * *');

/** Shown in the documents instead of a default that differs from machine to machine. */
const ofMachine = { defaultText: "the machine's cores" };

const platformName = z
  .string()
  .default('')
  .describe(
    'Set by the platform: the name of this instance. Which of the three is set depends on the plan; none outside Azure.',
  );

/**
 * One package serves as three apps, each with a size and a scale of its own: `http` is the API; `process` processes tasks;
 * `control` runs job commands, sends callbacks, handles poison queues and runs the timers.
 */
export const roles = ['http', 'control', 'process'] as const;
export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** The declarations: names, defaults, units and checks of all settings. */
export const schema = z.object({
  AUTH_MODE: z
    .enum(['anonymous', 'key', 'entra'])
    .default('key')
    .describe(
      '`key`: every caller needs a function key. `entra`: the platform authenticates callers; its authentication must be enabled. `anonymous`: no authentication; everyone sees everything.',
    ),
  KEY_NAMES: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((pair) => pair.trim() || []))
    .refine(
      (pairs) => pairs.every((pair) => /^[a-z0-9][a-z0-9-]{0,39}=[0-9a-f]{64}$/.test(pair)),
      'must list name=SHA-256 (64 hexadecimal digits), separated by commas; names of a to z, 0 to 9 and -',
    )
    .describe(
      'Names of function keys, as `name=SHA-256 of the key in hexadecimal digits`, separated by commas. Keys with the same name are the same caller: to replace a key without losing its tasks, add the new key under the same name first. A key without a name is the caller `key-` followed by the first 32 digits.',
    ),
  WEBSITE_AUTH_ENABLED: z
    .string()
    .default('')
    .describe('Set by the platform: whether its authentication is enabled for this app.'),
  MAX_IMAGE_MEGABYTES: z.coerce.number().min(1).max(100).default(64).describe('Maximum size of an image file, in MB.'),
  MAX_IMAGE_MEGAPIXELS: z.coerce
    .number()
    .min(1)
    .max(250)
    .default(100)
    .describe(
      'Maximum size of one page of an image, in megapixels. Checked from the header before the image is decoded.',
    ),
  TASK_TIME_LIMIT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(120)
    .describe(
      'Maximum processing time of a task, in seconds. functionTimeout in host.json must be long enough for it.',
    ),
  WORKER_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(availableParallelism())
    .meta(ofMachine)
    .describe('Number of threads that run OpenCV in one instance.'),
  MEGAPIXELS_IN_FLIGHT: z.coerce
    .number()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('Megapixels of images that one instance processes at the same time; further tasks wait.'),
  WORKER_HEAP_MEGABYTES: z.coerce
    .number()
    .min(128)
    .max(1024)
    .default(384)
    .describe(
      'Size of the WASM heap, in MB, beyond which a worker thread is replaced between two tasks. The heap never shrinks.',
    ),
  INSTANCE_SILENT_SECONDS: z.coerce
    .number()
    .min(1)
    .max(600)
    .default(30)
    .describe(
      'Time without a heartbeat, in seconds, after which an instance is considered dead and its tasks are reassigned.',
    ),
  REASSIGN_SCHEDULE: schedule
    .default('*/10 * * * * *')
    .describe('When to check for dead instances and for due work (NCRONTAB).'),
  HISTORY_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(60)
    .describe('Interval at which the operators’ view is written: a row each for the backlog and for what has ended.'),
  BODY_IDLE_SECONDS: z.coerce
    .number()
    .min(1)
    .max(230)
    .default(30)
    .describe('Maximum wait for the next bytes of a request body, in seconds.'),
  LINK_MINUTES: z.coerce
    .number()
    .positive()
    .max(1440)
    .default(15)
    .describe('Validity of links to inputs and results, in minutes.'),
  REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(6000)
    .describe('Requests that one caller may send to one instance per minute.'),
  UPLOAD_MEGABYTES_PER_MINUTE: z.coerce
    .number()
    .min(100)
    .default(20_000)
    .describe('Megabytes of images that one caller may send to one instance, or request upload links for, per minute.'),
  OPEN_TASKS_PER_CALLER: z.coerce
    .number()
    .int()
    .min(1)
    .default(250_000)
    .describe(
      'Maximum number of unfinished tasks of one caller (submitted, retried, or found under the prefix of a job), per instance.',
    ),
  CALLBACK_ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((host) => host.trim() || []))
    .refine(
      (hosts) => hosts.every((host) => URL.parse(`https://${host}`)?.pathname === '/' && !/[/?#@\s]/.test(host)),
      'must list hosts such as example.org or 10.0.0.5:8080, separated by commas, without https://',
    )
    .describe(
      'Hosts (`host` or `host:port`) that callbacks may be sent to, including private addresses. If empty: all public hosts.',
    ),
  CALLBACK_RETRY_SECONDS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must list whole seconds, separated by commas, such as 5,60,300')
    .default('5,60,300,1800,7200,18000,36000')
    .describe(
      'Delays after each failed callback attempt, in seconds. After the last delay one more attempt is made. Due attempts are sent by the timer of REASSIGN_SCHEDULE.',
    ),
  RETENTION_DAYS: z.coerce
    .number()
    .min(0)
    .max(3650)
    .default(7)
    .describe(
      'Days after submission when tasks, their images and results are deleted. Unused uploads are deleted after twice as many days.',
    ),
  CLEAN_UP_SCHEDULE: schedule.default('0 17 * * * *').describe('When expired data are deleted (NCRONTAB).'),
  TESSERA_ROLE: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((role) => role.trim() || []))
    .refine((list) => list.every(isRole), `must list some of ${roles.join(', ')}, separated by commas`)
    .describe('Roles of this app: `http`, `control`, `process`, separated by commas. If empty: all.'),
  TRACE_RATIO: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe(
      'Share of tasks that are traced from request to callback. Tasks that fail are always traced from then on.',
    ),
  TELEMETRY_SECONDS: z.coerce.number().min(1).max(600).default(60).describe('Interval between metrics, in seconds.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .default('')
    .refine((url) => url === '' || URL.canParse(url), 'must be a URL such as http://localhost:4318')
    .describe('URL of the OpenTelemetry collector (OTLP over HTTP) that receives traces and metrics. If empty: none.'),
  APPLICATIONINSIGHTS_CONNECTION_STRING: z
    .string()
    .default('')
    .describe(
      'Connection string of the Application Insights resource that receives traces and metrics. If empty: none.',
    ),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: z
    .string()
    .default('')
    .describe(
      'Identity used for sending telemetry, as `ClientId=…;Authorization=AAD`. If empty: the connection string alone.',
    ),
  INSTANCE_CORES: z.coerce
    .number()
    .positive()
    .max(256)
    .default(availableParallelism())
    .meta(ofMachine)
    .describe('Number of cores of an instance, as the plan counts them.'),
  FUNCTIONS_TARGET_GROUP: z.string().default('').describe('Set by the platform: the scale group of this instance.'),
  WEBSITE_INSTANCE_ID: platformName,
  WEBSITE_POD_NAME: platformName,
  CONTAINER_NAME: platformName,
});

/** Throws an error that names every setting that is wrong. */
export function readSettings(environment: Record<string, string | undefined>) {
  const parsed = schema.safeParse(environment);
  const issues = [storageSchema.safeParse(environment), parsed].flatMap(({ error }) => error?.issues ?? []);
  const connection = dataConnection(environment);
  let storage: StorageAccess = '';
  let furtherStorage: StorageAccess[] = [];
  const faults = issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  try {
    storage = storageAccess(environment, connection);
    furtherStorage = furtherStorageAccess(environment, storage);
  } catch (error) {
    faults.unshift((error as Error).message);
  }
  if (!parsed.success || faults.length > 0) throw new Error(`Wrong settings:\n${faults.join('\n')}`);
  const s = parsed.data;
  // Without the platform's guard anyone could write the header that names the caller.
  if (s.AUTH_MODE === 'entra' && s.WEBSITE_AUTH_ENABLED.toLowerCase() !== 'true')
    throw new Error('AUTH_MODE=entra needs App Service authentication (WEBSITE_AUTH_ENABLED), which is off.');
  return {
    authMode: s.AUTH_MODE,
    keyNames: new Map(s.KEY_NAMES.map((pair) => pair.split('=').reverse() as [hash: string, name: string])),
    /** The setting that triggers are to name. */
    storageConnection: connection,
    storage,
    /** The accounts over which tasks and images are spread, besides that one. */
    furtherStorage,
    authLevel: s.AUTH_MODE === 'key' ? ('function' as const) : ('anonymous' as const),
    maxImageBytes: s.MAX_IMAGE_MEGABYTES * 2 ** 20,
    maxImagePixels: s.MAX_IMAGE_MEGAPIXELS * 1e6,
    taskTimeLimitMs: s.TASK_TIME_LIMIT_SECONDS * 1000,
    workerThreads: s.WORKER_THREADS,
    pixelsInFlight: s.MEGAPIXELS_IN_FLIGHT * 1e6,
    workerHeapBytes: s.WORKER_HEAP_MEGABYTES * 2 ** 20,
    instanceSilentMs: s.INSTANCE_SILENT_SECONDS * 1000,
    reassignSchedule: s.REASSIGN_SCHEDULE,
    linkLifetimeMs: s.LINK_MINUTES * 60_000,
    bodyIdleMs: s.BODY_IDLE_SECONDS * 1000,
    requestsPerMinute: s.REQUESTS_PER_MINUTE,
    bytesPerMinute: s.UPLOAD_MEGABYTES_PER_MINUTE * 2 ** 20,
    openTasksPerCaller: s.OPEN_TASKS_PER_CALLER,
    callbackAllowedHosts: s.CALLBACK_ALLOWED_HOSTS,
    callbackRetryDelaysMs: s.CALLBACK_RETRY_SECONDS.split(',').map((seconds) => Number(seconds) * 1000),
    retentionMs: s.RETENTION_DAYS * 24 * 3600_000,
    cleanUpSchedule: s.CLEAN_UP_SCHEDULE,
    historyIntervalMs: s.HISTORY_SECONDS * 1000,
    roles: new Set<Role>(s.TESSERA_ROLE.length === 0 ? roles : s.TESSERA_ROLE.filter(isRole)),
    traceRatio: s.TRACE_RATIO,
    telemetry: {
      intervalMs: s.TELEMETRY_SECONDS * 1000,
      otlpEndpoint: s.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, ''),
      insights: s.APPLICATIONINSIGHTS_CONNECTION_STRING,
      insightsClientId: /ClientId=([^;]+)/i.exec(s.APPLICATIONINSIGHTS_AUTHENTICATION_STRING)?.[1] ?? null,
    },
    cores: s.INSTANCE_CORES,
    group: s.FUNCTIONS_TARGET_GROUP || s.TESSERA_ROLE.join(',') || 'all',
    instanceId: instanceId(s.WEBSITE_INSTANCE_ID || s.WEBSITE_POD_NAME || s.CONTAINER_NAME),
  };
}

/**
 * Names this process: what the platform calls the instance, so that it is found there, and what no other process has. A
 * process that takes the place of one that died has the same name there, but is not at work on its tasks.
 */
function instanceId(name: string): string {
  const own = randomBytes(4).toString('hex');
  return name === '' ? `local-${own}` : `${name.replace(/[^\w.-]/g, '-').slice(0, 64)}-${own}`;
}
