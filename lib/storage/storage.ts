import type { TableClient } from '@azure/data-tables';
import type { StorageAccess } from './access.ts';
import { Backlog } from './backlog.ts';
import { BlobContainer, type Blobs } from './blob-container.ts';
import { CleanUpPlaces } from './clean-up-places.ts';
import { connectStorage, type StorageClients } from './clients.ts';
import { DueRows } from './due-rows.ts';
import { HistoryRows } from './history-rows.ts';
import { InstanceStore } from './instance-store.ts';
import { JobStore } from './job-store.ts';
import { OwnerIndex } from './owner-index.ts';
import { PauseRow } from './pause-row.ts';
import { prepareStorage } from './prepare.ts';
import { PresetRows } from './preset-rows.ts';
import { QueuedTaskSearch } from './queued-task-search.ts';
import { MessageQueue } from './queues.ts';
import { RequestRows } from './request-rows.ts';
import { SecretRows } from './secret-rows.ts';
import { SpreadContainer } from './spread-container.ts';
import { TaskStore } from './task-store.ts';
import { TaskTables } from './task-tables.ts';

/** The queue of single tasks. The Functions host moves a message that was delivered the maximum number of times to `<name>-poison`. */
export const taskQueueName = 'image-tasks';
/** The queue of tasks of jobs, which the dispatcher keeps short. */
export const jobTaskQueueName = 'job-tasks';
/** The queue of job commands: create, cancel, retry or delete the tasks of a job. */
export const commandQueueName = 'job-commands';
/** The queue of Event Grid's events of images in container `intake`. */
export const intakeQueueName = 'intake-events';
/** The queue of callbacks to deliver. */
export const callbackQueueName = 'callbacks';

export function poisonQueueName(queueName: string): string {
  return `${queueName}-poison`;
}

/** What there is in the storage, in the words of the domain. */
export interface Storage {
  tasks: TaskStore;
  jobs: JobStore;
  /** The jobs of each caller, newest first, and the tasks by their work, for reusing results. */
  ownerIndex: OwnerIndex;
  instances: InstanceStore;
  /** Delayed work: jobs to check, callbacks to retry. */
  due: DueRows;
  /** Jobs with tasks that are not in the queue yet. */
  backlog: Backlog;
  /** Responses to requests with an Idempotency-Key. */
  requests: RequestRows;
  /** The secrets that sign the callbacks of each caller. */
  secrets: SecretRows;
  presets: PresetRows;
  pause: PauseRow;
  history: HistoryRows;
  /** Finds tasks in state Queued. */
  queuedTasks: QueuedTaskSearch;
  cleanUpPlaces(): Promise<CleanUpPlaces>;
  inputs: Blobs;
  results: Blobs;
  /** Where images are dropped to become tasks, each in a folder with a pipeline. */
  intake: BlobContainer;
  /** What came of them. */
  outbox: BlobContainer;
  /** Signs how long an upload was declared to be. */
  uploadSecret: Buffer;
  /** Over how many accounts new jobs are spread. */
  accounts: number;
  taskQueue: MessageQueue;
  jobTaskQueue: MessageQueue;
  commandQueue: MessageQueue;
  intakeQueue: MessageQueue;
  callbackQueue: MessageQueue;
  /** Undeliverable callbacks, for the operator; no function reads them. */
  callbackPoisonQueue: MessageQueue;
  /**
   * The poison queues of tasks, job commands and intake, whose messages functions handle, and their own poison queues, which no
   * function reads. Their lengths are reported. Undeliverable callbacks are not included, because their receivers are at fault.
   */
  poisonQueues: MessageQueue[];
}

const tableNames = ['tasks', 'jobs', 'instances', 'due', 'backlog', 'callers'] as const;
type Tables = Record<(typeof tableNames)[number], TableClient>;

export interface OpenOptions {
  /** A request that fails for the account's reasons is tried again so often. */
  retries?: number;
  /** Accounts over which tasks and images are spread, besides the first. Their order is for good. */
  further?: readonly StorageAccess[];
}

/** Opens the storage. Where an account is used for the first time, its tables, containers and queues are made. */
export async function openStorage(access: StorageAccess, options: OpenOptions = {}): Promise<Storage> {
  const { further = [], ...clientOptions } = options;
  const accounts = await Promise.all([access, ...further].map((one) => connectStorage(one, clientOptions)));
  const [first, ...others] = accounts;
  const tables = Object.fromEntries(tableNames.map((name) => [name, first.table(name)])) as Tables;
  const taskTables = [tables.tasks, ...others.map(({ table }) => table('tasks'))];
  const inputs = accounts.map((account) => containerOf(account, 'inputs'));
  const results = accounts.map((account) => containerOf(account, 'results'));
  const ofOwners = { intake: containerOf(first, 'intake'), outbox: containerOf(first, 'outbox') };
  const queue = (name: string) => new MessageQueue(first.queues.getQueueClient(name));
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
  const uploadSecret = await prepareStorage(
    tables.instances,
    accounts.map(({ blobs }, i) => ({
      name: blobs.accountName,
      tables: i === 0 ? Object.values(tables) : [taskTables[i]],
      containers: [inputs[i], results[i], ...(i === 0 ? Object.values(ofOwners) : [])],
      queues: i === 0 ? [...Object.values(line), ...poisonQueues].map(({ client }) => client) : [],
    })),
  );
  return {
    ...storesOf(tables, new TaskTables(taskTables)),
    ...ofOwners,
    ...line,
    inputs: spread(inputs),
    results: spread(results),
    poisonQueues,
    uploadSecret,
    accounts: accounts.length,
  };
}

function containerOf({ blobs, links }: StorageClients, name: string): BlobContainer {
  return new BlobContainer(blobs.getContainerClient(name), links);
}

function spread(containers: BlobContainer[]): Blobs {
  return containers.length === 1 ? containers[0] : new SpreadContainer(containers);
}

function storesOf({ jobs, instances, due, backlog, callers }: Tables, tasks: TaskTables) {
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
