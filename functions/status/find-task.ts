import { parseTaskId } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { problem } from '../../lib/problems.ts';
import type { RequestContext } from '../endpoint.ts';
import { storage } from '../storage.ts';

/** The caller's task that the path names. Throws `task-not-found`, also for what cannot be an id. */
export async function findTask({
  request,
  owner,
}: Pick<RequestContext<unknown, unknown>, 'request' | 'owner'>): Promise<StoredTask> {
  const { id } = request.params;
  const task = parseTaskId(id) && (await (await storage()).tasks.get(id));
  if (task?.owner === owner) return task;
  throw problem('task-not-found', `No task has the id ${JSON.stringify(id.slice(0, 64))}.`);
}
