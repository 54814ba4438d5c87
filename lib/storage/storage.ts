import { createHash } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { Counters, isConflict } from './counters.ts';

/** The queue of single tasks; the Functions host moves hopeless messages of each queue to `<name>-poison`. */
export const taskQueueName = 'image-tasks';
/** The tasks of jobs, of which the dispatcher puts in some at a time. */
export const jobTaskQueueName = 'job-tasks';
/** Work on jobs as a whole: making their tasks, canceling, retrying, deleting them. */
export const commandQueueName = 'job-commands';
/** Who is to be told of an end. */
export const callbackQueueName = 'callbacks';

export function poisonQueueName(queueName: string): string {
  return `${queueName}-poison`;
}

export interface Storage {
  /** Tasks, jobs and counters: a partition for each job. */
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
  taskQueue: QueueClient;
  jobTaskQueue: QueueClient;
  commandQueue: QueueClient;
  callbackQueue: QueueClient;
  /** Callbacks that have been given up: nothing reads them but whoever looks after the system. */
  callbackPoisonQueue: QueueClient;
  /**
   * Where the host moves what failed as often as the queue delivers: messages of tasks and jobs, which functions read there, and those
   * that failed there, too, or cannot even be decoded, which nobody reads. Callbacks that were given up are no fault of the system.
   */
  poisonQueues: QueueClient[];
}

/** Most failures are over in a moment. */
const retryDelays = { retryDelayInMs: 300, maxRetryDelayInMs: 5000 };

/**
 * Clients for the account of a connection string. Where an account is used for the first time, tables, containers and queues are made. A request
 * that fails for the account's reasons is tried again `retries` times.
 */
export async function openStorage(connection: string, { retries = 3 } = {}): Promise<Storage> {
  const retryOptions = { maxTries: 1 + retries, ...retryDelays };
  const blobs = BlobServiceClient.fromConnectionString(connection, { retryOptions });
  const queues = QueueServiceClient.fromConnectionString(connection, { retryOptions });
  // Azurite is served over plain HTTP; a real account's connection string says https and is not affected.
  const tableOptions = { allowInsecureConnection: true, retryOptions: { maxRetries: retries, ...retryDelays } };
  const table = (name: string) => TableClient.fromConnectionString(connection, name, tableOptions);
  const tables = {
    tasks: table('tasks'),
    jobs: table('jobs'),
    instances: table('instances'),
    due: table('due'),
    backlog: table('backlog'),
    callers: table('callers'),
  };
  const containers = { inputs: blobs.getContainerClient('inputs'), results: blobs.getContainerClient('results') };
  const taskQueue = queues.getQueueClient(taskQueueName);
  const jobTaskQueue = queues.getQueueClient(jobTaskQueueName);
  const commandQueue = queues.getQueueClient(commandQueueName);
  const callbackQueue = queues.getQueueClient(callbackQueueName);
  const callbackPoisonQueue = queues.getQueueClient(poisonQueueName(callbackQueueName));
  const poisonNames = [taskQueueName, jobTaskQueueName, commandQueueName].map(poisonQueueName);
  const poisonQueues = [...poisonNames, ...poisonNames.map(poisonQueueName)].map((name) => queues.getQueueClient(name));
  const allQueues = [taskQueue, jobTaskQueue, commandQueue, callbackQueue, callbackPoisonQueue, ...poisonQueues];
  await createMissing(tables, Object.values(containers), allQueues);
  const counters = new Counters(tables.tasks);
  const line = { taskQueue, jobTaskQueue, commandQueue, callbackQueue, callbackPoisonQueue, poisonQueues };
  return { ...tables, ...containers, ...line, counters };
}

/** A row that says which tables, containers and queues have been made: what a new version adds has another key. */
const madePartition = 'storage-made';

/** A process that starts asks once, instead of for each of them. */
async function createMissing(
  tables: Record<string, TableClient>,
  containers: ContainerClient[],
  queues: QueueClient[],
): Promise<void> {
  const names = [
    ...Object.keys(tables),
    ...containers.map(({ containerName }) => containerName),
    ...queues.map(({ name }) => name),
  ];
  const made = { partitionKey: madePartition, rowKey: createHash('sha256').update(names.join()).digest('hex') };
  try {
    await tables.instances.getEntity(made.partitionKey, made.rowKey);
    return;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  await Promise.all([
    ...Object.values(tables).map((table) => table.createTable()),
    ...containers.map((container) => container.createIfNotExists()),
    ...queues.map((queue) => queue.createIfNotExists()),
  ]);
  await tables.instances.upsertEntity(made);
}
