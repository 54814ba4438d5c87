import { isKnown } from '../../lib/http/conditional.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { retryAfter, taskView } from '../../lib/http/task-view.ts';
import { awaitNews } from '../../lib/http/wait.ts';
import { loadMeasurements } from '../../lib/tasks/measurements.ts';
import { isFinal } from '../../lib/tasks/states.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';

/** GET /api/tasks/{id}: with `?wait=` seconds, answers when the task is done or, given an If-None-Match, has changed. */
export const getTask = endpoint(async (request) => {
  const task = await awaitNews(
    request,
    () => findTask(request),
    ({ state }) => isFinal(state),
  );
  const headers = { ETag: task.etag, 'Cache-Control': 'private, no-cache', ...retryAfter(task) };
  if (isKnown(request, task.etag)) return { status: 304, headers };
  return json(taskView(task, await loadMeasurements((await storage()).results, task.measurements)), { headers });
});
