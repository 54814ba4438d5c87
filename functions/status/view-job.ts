import { jobView } from '../../lib/http/job-view.ts';
import { taskIdOf } from '../../lib/tasks/ids.ts';
import { isDone, type StoredJob } from '../../lib/tasks/job.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
import { TaskStore } from '../../lib/tasks/task-store.ts';

/** The job as the API shows it. A job of one task is done when that is: nobody else notes it. */
export async function viewJob(storage: Storage, job: StoredJob) {
  if (job.expansion || !isDone(job)) return jobView(job);
  const task = await new TaskStore(storage).get(taskIdOf(job.id, 0));
  return jobView({ ...job, finishedAt: task?.finishedAt ?? null });
}
