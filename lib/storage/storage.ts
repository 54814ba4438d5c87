import { createHash, randomBytes } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import type { QueueClient } from '@azure/storage-queue';
import type { StorageAccess } from './access.ts';
import { Backlog } from './backlog.ts';
import { BlobContainer } from './blob-container.ts';
import { CleanUpPlaces } from './clean-up-places.ts';
import { connectStorage } from './clients.ts';
import { DueRows } from './due-rows.ts';
import { HistoryRows } from './history-rows.ts';
import { InstanceStore } from './instance-store.ts';
import { JobStore } from './job-store.ts';
import { OwnerIndex } from './owner-index.ts';
import { PauseRow } from './pause-row.ts';
import { PresetRows } from './preset-rows.ts';
import { QueuedTaskSearch } from './queued-task-search.ts';
import { MessageQueue } from './queues.ts';
import { RequestRows } from './request-rows.ts';
import { SecretRows } from './secret-rows.ts';
import { Table } from './table.ts';
import { TaskStore } from './task-store.ts';

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

/** What there is in a storage account, in the words of the domain. */
export interface Storage {
  tasks: TaskStore;
  jobs: JobStore;
  /** What each caller has handed in, newest first, and which task did what work. */
  ownerIndex: OwnerIndex;
  instances: InstanceStore;
  /** What is to be done later: jobs to look at, callbacks to try again. */
  due: DueRows;
  /** Jobs whose tasks wait for room in the queue. */
  backlog: Backlog;
  /** Answers to requests with an Idempotency-Key. */
  requests: RequestRows;
  /** With what each caller's callbacks are signed. */
  secrets: SecretRows;
  presets: PresetRows;
  pause: PauseRow;
  history: HistoryRows;
  /** Finds tasks that wait. */
  queuedTasks: QueuedTaskSearch;
  cleanUpPlaces(): Promise<CleanUpPlaces>;
  inputs: BlobContainer;
  results: BlobContainer;
  /** Where images are dropped to become tasks, each in a folder with a pipeline. */
  intake: BlobContainer;
  /** What came of them. */
  outbox: BlobContainer;
  /** Signs how long an upload was declared to be. */
  uploadSecret: Buffer;
  taskQueue: MessageQueue;
  jobTaskQueue: MessageQueue;
  commandQueue: MessageQueue;
  intakeQueue: MessageQueue;
  callbackQueue: MessageQueue;
  /** Callbacks that have been given up: nothing reads them but whoever looks after the system. */
  callbackPoisonQueue: MessageQueue;
  /**
   * Where the host moves what failed as often as the queue delivers: messages of tasks and jobs, which functions read there, and those
   * that failed there, too, or cannot even be decoded, which nobody reads. Callbacks that were given up are no fault of the system.
   */
  poisonQueues: MessageQueue[];
}

const tableNames = ['tasks', 'jobs', 'instances', 'due', 'backlog', 'callers'] as const;
type Tables = Record<(typeof tableNames)[number], TableClient>;

/**
 * Opens an account. Where it is used for the first time, tables, containers and queues are made. A request that fails
 * for the account's reasons is tried again `retries` times.
 */
export async function openStorage(access: StorageAccess, options: { retries?: number } = {}): Promise<Storage> {
  const { blobs, queues, table, links } = await connectStorage(access, options);
  const tables = Object.fromEntries(tableNames.map((name) => [name, table(name)])) as Tables;
  const container = (name: string) => new BlobContainer(blobs.getContainerClient(name), links);
  const containers = {
    inputs: container('inputs'),
    results: container('results'),
    intake: container('intake'),
    outbox: container('outbox'),
  };
  const queue = (name: string) => new MessageQueue(queues.getQueueClient(name));
  const poisonNames = [taskQueueName, jobTaskQueueName, commandQueueName, intakeQueueName].map(poisonQueueName);
  const line = {
    taskQueue: queue(taskQueueName),
    jobTaskQueue: queue(jobTaskQueueName),
    commandQueue: queue(commandQueueName),
    intakeQueue: queue(intakeQueueName),
    callbackQueue: queue(callbackQueueName),
    callbackPoisonQueue: queue(poisonQueueName(callbackQueueName)),
  };
  const poisonQueues = [...poisonNames, ...poisonNames.map(poisonQueueName)].map(queue);
  const allQueues = [...Object.values(line), ...poisonQueues].map(({ client }) => client);
  const uploadSecret = await prepare(tables, Object.values(containers), allQueues);
  return { ...storesOf(tables), ...containers, ...line, poisonQueues, uploadSecret };
}

function storesOf({ tasks, jobs, instances, due, backlog, callers }: Tables) {
  return {
    tasks: new TaskStore(tasks),
    jobs: new JobStore(tasks),
    ownerIndex: new OwnerIndex(jobs),
    instances: new InstanceStore(instances),
    due: new DueRows(due),
    backlog: new Backlog(backlog),
    requests: new RequestRows(callers),
    secrets: new SecretRows(callers),
    presets: new PresetRows(callers),
    pause: new PauseRow(instances),
    history: new HistoryRows(instances),
    queuedTasks: new QueuedTaskSearch(tasks, instances),
    cleanUpPlaces: () => CleanUpPlaces.read(callers),
  };
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
async function prepare(tables: Tables, containers: BlobContainer[], queues: QueueClient[]): Promise<Buffer> {
  const names = [...Object.keys(tables), ...containers.map(({ name }) => name), ...queues.map(({ name }) => name)];
  const made = createHash('sha256').update(names.join()).digest('hex');
  let row: PreparedRow | null = await new Table<PreparedRow>(tables.instances).get(preparedKey);
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
  const rows = new Table<PreparedRow>(table);
  const row: PreparedRow = { ...preparedKey, uploadSecret: randomBytes(32).toString('base64'), made };
  if ((await rows.create(row)) !== null) return row;
  await table.updateEntity({ ...preparedKey, made }, 'Merge');
  return (await rows.get(preparedKey)) ?? notePrepared(table, made);
}
