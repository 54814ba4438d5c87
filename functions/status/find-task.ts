import { problem } from '../../lib/problems.ts';
import { parseTaskId } from '../../lib/tasks/ids.ts';
import type { StoredTask } from '../../lib/tasks/task.ts';
import { TaskStore } from '../../lib/tasks/task-store.ts';
import type { Asked } from '../endpoint.ts';
import { storage } from '../storage.ts';

/** The caller's task that the path names. Throws `task-not-found`, also for what cannot be an id. */
export async function findTask({
  request,
  owner,
}: Pick<Asked<unknown, unknown>, 'request' | 'owner'>): Promise<StoredTask> {
  const { id } = request.params;
  const task = parseTaskId(id) && (await new TaskStore(await storage()).get(id));
  if (task?.owner === owner) return task;
  throw problem('task-not-found', `No task has the id ${JSON.stringify(id.slice(0, 64))}.`);
}
