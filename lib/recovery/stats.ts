import type { BacklogEntry } from '../storage/backlog.ts';
import type { Storage } from '../storage/storage.ts';

/** What there is to do, and how fast it goes. */
export interface Stats {
  /** Tasks that wait: messages, as the storage estimates them, and tasks of jobs for which there is no room in the queue yet. */
  queued: number;
  running: number;
  /** How long the first task in a queue has waited, in seconds; null where none waits. */
  oldestQueuedSeconds: number | null;
  /** Tasks that end in a minute, successful or not, at the instances' pace of late. */
  endedPerMinute: number;
  /** Until nothing waits or runs at this pace; null where there is no pace to go by. */
  secondsLeft: number | null;
  /** Messages in the poison queues, which wait to be recorded in their rows. */
  poisoned: number;
  instances: number;
  /** Single tasks, which have a queue of their own. */
  tasks: Line;
  /** Tasks of jobs. */
  jobs: Line & {
    /** Tasks that get into the queue when there is room, of so many jobs and callers, each of whom has an equal share. */
    waiting: number;
    jobs: number;
    callers: number;
  };
}

/** One of the queues of tasks. */
export interface Line {
  /** Messages: tasks that wait, and those at work. */
  messages: number;
  /** Until a task that is submitted now begins, at the pace of late; null where there is no pace to go by. */
  expectedStartSeconds: number | null;
}

/** Where a caller's job stands that waits for room in the queue. */
export interface Standing {
  jobId: string;
  /** Its tasks that wait. */
  waiting: number | null;
  /** Tasks of jobs that begin before its next one. */
  ahead: number;
  expectedStartSeconds: number | null;
  /** Until its last task has begun, at its share of the pace. */
  secondsLeft: number | null;
}

export async function readStats(storage: Storage): Promise<{ stats: Stats; backlog: BacklogEntry[] }> {
  const queues = [storage.taskQueue, storage.jobTaskQueue];
  const [messages, firsts, poisoned, instances, backlog] = await Promise.all([
    Promise.all(queues.map((queue) => queue.length())),
    Promise.all(queues.map((queue) => queue.peek())),
    Promise.all(storage.poisonQueues.map((queue) => queue.length())),
    storage.instances.alive(),
    storage.backlog.list(),
  ]);
  const running = sum(instances.map(({ tasks }) => tasks.length));
  const waiting = sum(backlog.map((entry) => entry.waiting ?? 0));
  // Messages of running tasks are in the queues too, out of sight.
  const queued = Math.max(0, sum(messages) - running) + waiting;
  const endedPerMinute = sum(instances.map(({ endedPerMinute }) => endedPerMinute));
  const secondsFor = (tasks: number) => (endedPerMinute > 0 ? Math.round((tasks / endedPerMinute) * 60) : null);
  const waitingSince = firsts.flat().map(({ since }) => +since);
  const [single, ofJobs] = messages.map((messages) => ({ messages, expectedStartSeconds: secondsFor(messages) }));
  const callers = new Set(backlog.map(({ owner }) => owner)).size;
  const stats: Stats = {
    queued,
    running,
    endedPerMinute,
    oldestQueuedSeconds: waitingSince.length > 0 ? Math.round((Date.now() - Math.min(...waitingSince)) / 1000) : null,
    secondsLeft: secondsFor(queued + running),
    poisoned: sum(poisoned),
    instances: instances.length,
    tasks: single,
    jobs: { ...ofJobs, waiting, jobs: backlog.length, callers },
  };
  return { stats, backlog };
}

/** Where the jobs of `owner` stand. */
export function standingsOf(owner: string, { jobs, endedPerMinute }: Stats, backlog: BacklogEntry[]): Standing[] {
  const own = backlog.filter((entry) => entry.owner === owner);
  const sharePerMinute = endedPerMinute / Math.max(1, jobs.callers) / Math.max(1, own.length);
  return own.map(({ jobId, waiting }) => {
    const secondsLeft =
      waiting === null || sharePerMinute === 0
        ? null
        : Math.round(
            (Math.min(waiting / sharePerMinute, jobs.waiting / endedPerMinute) + jobs.messages / endedPerMinute) * 60,
          );
    return { jobId, waiting, ahead: jobs.messages, expectedStartSeconds: jobs.expectedStartSeconds, secondsLeft };
  });
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
