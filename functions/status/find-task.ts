import type { HttpRequest } from '@azure/functions';
import { ownerOf } from '../../lib/http/caller.ts';
import { problem } from '../../lib/problems.ts';
import { parseTaskId } from '../../lib/tasks/ids.ts';
import type { StoredTask } from '../../lib/tasks/task.ts';
import { TaskStore } from '../../lib/tasks/task-store.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** The task that the path names. Throws `task-not-found`, also for what cannot be an id. */
export async function findTask(request: HttpRequest): Promise<StoredTask> {
  const { id } = request.params;
  const task = parseTaskId(id) && (await new TaskStore(await storage()).get(id));
  if (!task || task.owner !== ownerOf(request, settings.authMode))
    throw problem('task-not-found', `No task has the id ${JSON.stringify(id.slice(0, 64))}.`);
  return task;
}
