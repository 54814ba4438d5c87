import { isDone, type StoredJob } from '../model/job.ts';
import type { BacklogEntry } from '../storage/backlog.ts';
import type { JobCommand } from '../storage/queues.ts';

/** The command that brings the job on; null while it is the tasks that do. */
export function nextCommand(job: StoredJob): JobCommand['kind'] | null {
  if (job.sweep) return job.sweep.kind === 'retry' ? 'dispatch' : job.sweep.kind;
  const { expansion, total } = job;
  const isMade = !expansion || expansion.enqueued === total;
  return !isDone(job) && !job.canceledAt && !job.error && !isMade ? 'dispatch' : null;
}

/** What the backlog says of the job. */
export function backlogEntryOf({ id, owner, total, expansion, sweep }: StoredJob): Omit<BacklogEntry, 'etag'> {
  return { jobId: id, owner, waiting: sweep || total === null ? null : total - (expansion?.enqueued ?? 0) };
}
