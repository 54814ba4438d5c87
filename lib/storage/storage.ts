import { createHash, randomBytes } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import type { QueueClient } from '@azure/storage-queue';
import type { StorageAccess } from './access.ts';
import { connectStorage } from './clients.ts';
import { Counters, isConflict } from './counters.ts';
import type { LinkSigner } from './links.ts';

/** The queue of single tasks; the Functions host moves hopeless messages of each queue to `<name>-poison`. */
export const taskQueueName = 'image-tasks';
/** The tasks of jobs, of which the dispatcher puts in some at a time. */
export const jobTaskQueueName = 'job-tasks';
/** Work on jobs as a whole: making their tasks, canceling, retrying, deleting them. */
export const commandQueueName = 'job-commands';
/** Images that have appeared in container `intake`, as Event Grid tells of them. */
export const intakeQueueName = 'intake-events';
/** Who is to be told of an end. */
export const callbackQueueName = 'callbacks';

export function poisonQueueName(queueName: string): string {
  return `${queueName}-poison`;
}

export interface Storage {
  /** Tasks, jobs and counters: see partitions.ts. */
  tasks: TableClient;
  /** Counts this process's changes in `tasks`. */
  counters: Counters;
  /** The jobs of each caller, newest first. */
  jobs: TableClient;
  instances: TableClient;
  /** What is to be done later: jobs to look at, callbacks to try again. */
  due: TableClient;
  /** Jobs whose tasks wait for room in the queue. */
  backlog: TableClient;
  /** What is kept of each caller: the secret of callbacks, answers to requests with an Idempotency-Key. */
  callers: TableClient;
  inputs: ContainerClient;
  results: ContainerClient;
  /** Where images are dropped to become tasks, each in a folder with a pipeline. */
  intake: ContainerClient;
  /** What came of them. */
  outbox: ContainerClient;
  /** Signs links to blobs. */
  links: LinkSigner;
  /** Signs how long an upload was declared to be. */
  uploadSecret: Buffer;
  taskQueue: QueueClient;
  jobTaskQueue: QueueClient;
  commandQueue: QueueClient;
  intakeQueue: QueueClient;
  callbackQueue: QueueClient;
  /** Callbacks that have been given up: nothing reads them but whoever looks after the system. */
  callbackPoisonQueue: QueueClient;
  /**
   * Where the host moves what failed as often as the queue delivers: messages of tasks and jobs, which functions read there, and those
   * that failed there, too, or cannot even be decoded, which nobody reads. Callbacks that were given up are no fault of the system.
   */
  poisonQueues: QueueClient[];
}

/**
 * Clients for an account. Where it is used for the first time, tables, containers and queues are made. A request that fails
 * for the account's reasons is tried again `retries` times.
 */
export async function openStorage(access: StorageAccess, options: { retries?: number } = {}): Promise<Storage> {
  const { blobs, queues, table, links } = await connectStorage(access, options);
  const tables = {
    tasks: table('tasks'),
    jobs: table('jobs'),
    instances: table('instances'),
    due: table('due'),
    backlog: table('backlog'),
    callers: table('callers'),
  };
  const containers = {
    inputs: blobs.getContainerClient('inputs'),
    results: blobs.getContainerClient('results'),
    intake: blobs.getContainerClient('intake'),
    outbox: blobs.getContainerClient('outbox'),
  };
  const taskQueue = queues.getQueueClient(taskQueueName);
  const jobTaskQueue = queues.getQueueClient(jobTaskQueueName);
  const commandQueue = queues.getQueueClient(commandQueueName);
  const intakeQueue = queues.getQueueClient(intakeQueueName);
  const callbackQueue = queues.getQueueClient(callbackQueueName);
  const callbackPoisonQueue = queues.getQueueClient(poisonQueueName(callbackQueueName));
  const poisonNames = [taskQueueName, jobTaskQueueName, commandQueueName, intakeQueueName].map(poisonQueueName);
  const poisonQueues = [...poisonNames, ...poisonNames.map(poisonQueueName)].map((name) => queues.getQueueClient(name));
  const line = { taskQueue, jobTaskQueue, commandQueue, intakeQueue, callbackQueue, callbackPoisonQueue };
  const allQueues = [...Object.values(line), ...poisonQueues];
  const uploadSecret = await prepare(tables, Object.values(containers), allQueues);
  const counters = new Counters(tables.tasks);
  return { ...tables, ...containers, ...line, poisonQueues, links, uploadSecret, counters };
}

/** What the account has been prepared for. */
type PreparedRow = {
  partitionKey: string;
  rowKey: string;
  /** Which tables, containers and queues have been made, in a word. */
  made: string;
  /** In base64. */
  uploadSecret: string;
};

const preparedKey = { partitionKey: 'storage-made', rowKey: 'storage-made' };

/** A process that starts asks once, instead of for each table, container and queue. Returns the secret of uploads. */
async function prepare(
  tables: Record<string, TableClient> & { instances: TableClient },
  containers: ContainerClient[],
  queues: QueueClient[],
): Promise<Buffer> {
  const names = [
    ...Object.keys(tables),
    ...containers.map(({ containerName }) => containerName),
    ...queues.map(({ name }) => name),
  ];
  const made = createHash('sha256').update(names.join()).digest('hex');
  let row = await preparedRow(tables.instances);
  if (row?.made !== made) {
    await Promise.all([
      ...Object.values(tables).map((table) => table.createTable()),
      ...containers.map((container) => container.createIfNotExists()),
      ...queues.map((queue) => queue.createIfNotExists()),
    ]);
    row = await notePrepared(tables.instances, made);
  }
  return Buffer.from(row.uploadSecret, 'base64');
}

/** Processes that start at the same time agree on one secret, and so do versions that need different tables. */
async function notePrepared(table: TableClient, made: string): Promise<PreparedRow> {
  const secret = { uploadSecret: randomBytes(32).toString('base64') };
  try {
    const row: PreparedRow = { ...preparedKey, ...secret, made };
    await table.createEntity(row);
    return row;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  await table.updateEntity({ ...preparedKey, made }, 'Merge');
  return (await preparedRow(table)) ?? notePrepared(table, made);
}

async function preparedRow(table: TableClient): Promise<PreparedRow | undefined> {
  try {
    return await table.getEntity<PreparedRow>(preparedKey.partitionKey, preparedKey.rowKey);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return undefined;
  }
}
