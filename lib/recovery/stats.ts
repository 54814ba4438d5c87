import type { QueueClient } from '@azure/storage-queue';
import { type InstanceState, Instances } from '../instances/instances.ts';
import { JobStore } from '../storage/job-store.ts';
import { type JobCommand, jobCommandIn } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { bodyOf, maxPeeked } from './lost-commands.ts';

/** What there is to do, and how fast it goes. */
export interface Stats {
  /** Tasks that wait, as the storage estimates them, and images of jobs that are to become tasks. */
  queued: number;
  running: number;
  /** How long the first one in line has waited, in seconds; null where none waits. */
  oldestQueuedSeconds: number | null;
  /** Tasks that end in a minute, successful or not, at the instances' pace of late. */
  endedPerMinute: number;
  /** Until the line is empty at this pace; null where there is no pace to go by. */
  secondsLeft: number | null;
  /** Messages that were given up, of any queue, and wait to be moved to their rows. */
  poisoned: number;
  instances: number;
}

/** Whoever has given no sign of life for so long is idle, or gone. */
const aliveMs = 60_000;

export function aliveInstances({ instances }: Pick<Storage, 'instances'>): Promise<InstanceState[]> {
  return Array.fromAsync(new Instances(instances).aliveSince(new Date(Date.now() - aliveMs)));
}

export async function readStats(storage: Storage): Promise<Stats> {
  const lines = [storage.queue, storage.priorityQueue];
  const [messages, firsts, poisoned, instances, waitingSteps] = await Promise.all([
    Promise.all(lines.map(countOf)),
    Promise.all(lines.map((queue) => queue.peekMessages())),
    Promise.all(storage.poisonQueues.map(countOf)),
    aliveInstances(storage),
    storage.commandQueue.peekMessages({ numberOfMessages: maxPeeked }),
  ]);
  const steps = waitingSteps.peekedMessageItems.map(({ messageText }) => jobCommandIn(bodyOf(messageText)));
  const unsent = await countUnsent(storage, [...steps, ...instances.flatMap(({ jobCommands }) => jobCommands)]);
  const running = sum(instances.map(({ tasks }) => tasks.length));
  // Messages of running tasks are in the queue too, out of sight.
  const queued = Math.max(0, sum(messages) - running) + unsent;
  const endedPerMinute = sum(instances.map(({ endedPerMinute }) => endedPerMinute));
  const waitingSince = firsts.flatMap(({ peekedMessageItems }) =>
    peekedMessageItems.map(({ insertedOn }) => +insertedOn),
  );
  return {
    ...{ queued, running, endedPerMinute },
    oldestQueuedSeconds: waitingSince.length > 0 ? Math.round((Date.now() - Math.min(...waitingSince)) / 1000) : null,
    secondsLeft: endedPerMinute > 0 ? Math.round(((queued + running) / endedPerMinute) * 60) : null,
    poisoned: sum(poisoned),
    instances: instances.length,
  };
}

/** Images of the jobs that are being expanded, or wait for it, whose tasks have no message yet. */
async function countUnsent(storage: Storage, steps: (JobCommand | null)[]): Promise<number> {
  const expanding = new Set(steps.flatMap((one) => (one?.step === 'expand' ? [one.jobId] : [])));
  const jobs = await Promise.all([...expanding].map((id) => new JobStore(storage).get(id)));
  return sum(
    jobs.map((job) => (job && !job.canceledAt && !job.error ? (job.total ?? 0) - (job.expansion?.enqueued ?? 0) : 0)),
  );
}

async function countOf(queue: QueueClient): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
