import * as calls from '../../lib/http/calls/tasks.ts';
import { json } from '../../lib/http/responses.ts';
import { retryAfter, taskView } from '../../lib/http/task-view.ts';
import * as changes from '../../lib/jobs/change-job.ts';
import { parseTaskId } from '../../lib/model/ids.ts';
import { leadsTo, nextState } from '../../lib/model/states.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { problem } from '../../lib/problems.ts';
import { retryOnConflict } from '../../lib/storage/task-store.ts';
import { enqueuePendingCallback, finishTask } from '../../lib/tasks/finish-task.ts';
import { endpoint } from '../endpoint.ts';
import { openTasks } from '../open-tasks.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';

/** The instance that works on it notices within seconds. */
export const cancelTask = endpoint(calls.cancelTask, async (asked) => {
  const account = await storage();
  const task = await retryOnConflict(async () => {
    const found = await findTask(asked);
    if (leadsTo('cancel', found.state)) {
      await enqueuePendingCallback(account, found);
      return found;
    }
    if (!nextState(found.state, 'cancel')) throw notNow(found, 'be canceled');
    return finishTask(account, found, 'cancel', {});
  });
  if (!task.inJob) openTasks.forget(task.owner, jobIdOf(task));
  return json(taskView(task, []));
});

export const retryTask = endpoint(calls.retryTask, async (asked) => {
  const account = await storage();
  const task = await retryOnConflict(async () => {
    const found = await findTask(asked);
    const isQueued = leadsTo('retry', found.state);
    if (!isQueued && !nextState(found.state, 'retry')) throw notNow(found, 'be tried again');
    const jobId = jobIdOf(found);
    if (found.inJob && (await account.jobs.isCanceled(jobId)))
      throw problem('not-allowed-now', 'The job of the task was canceled.', { state: found.state });
    // It is to be tried as it is; a lost message is found by the timer.
    if (isQueued) return found;
    const { owner } = found;
    const open = { owner, jobId, tasks: found.inJob ? openTasks.of(owner, jobId) + 1 : 1 };
    return openTasks.during(account, open, () => changes.retryTask(account, found));
  });
  return json(taskView(task, []), { status: 202, headers: retryAfter(task) });
});

export const deleteTask = endpoint(calls.deleteTask, async (asked) => {
  const task = await findTask(asked);
  await changes.deleteTask(await storage(), task);
  openTasks.forget(task.owner, jobIdOf(task));
  return { status: 204 };
});

function jobIdOf({ id }: StoredTask): string {
  return parseTaskId(id)?.jobId as string;
}

function notNow({ state }: StoredTask, what: string) {
  return problem('not-allowed-now', `The task is ${state}: it cannot ${what}.`, { state });
}
