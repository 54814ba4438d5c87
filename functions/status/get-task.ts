import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { isKnown } from '../../lib/http/conditional.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { retryAfter, taskView } from '../../lib/http/task-view.ts';
import { fieldProblem } from '../../lib/operations/steps.ts';
import { loadMeasurements } from '../../lib/tasks/measurements.ts';
import { isFinal } from '../../lib/tasks/states.ts';
import type { StoredTask } from '../../lib/tasks/task.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';

const maxWaitSeconds = 60;
/** The row is read again after the first delay, then ever less often up to the second. */
const pollMs = { first: 50, last: 500, growth: 1.4 };

/** GET /api/tasks/{id}: with `?wait=` seconds, answers when the task is done or, given an If-None-Match, has changed. */
export const getTask = endpoint(async (request) => {
  const task = await awaitNews(request);
  const headers = { ETag: task.etag, 'Cache-Control': 'private, no-cache', ...retryAfter(task) };
  if (isKnown(request, task.etag)) return { status: 304, headers };
  return json(taskView(task, await loadMeasurements((await storage()).results, task.measurements)), { headers });
});

async function awaitNews(request: HttpRequest): Promise<StoredTask> {
  const deadline = Date.now() + waitSeconds(request) * 1000;
  const conditional = request.headers.has('if-none-match');
  for (let delay = pollMs.first; ; delay = Math.min(pollMs.last, delay * pollMs.growth)) {
    const task = await findTask(request);
    const news = isFinal(task.state) || (conditional && !isKnown(request, task.etag));
    const left = deadline - Date.now();
    if (news || left <= 0) return task;
    await sleep(Math.min(delay, left));
  }
}

function waitSeconds(request: HttpRequest): number {
  const wait = request.query.get('wait') ?? '0';
  const seconds = Number(wait);
  if (wait.trim() !== '' && seconds >= 0 && seconds <= maxWaitSeconds) return seconds;
  throw fieldProblem('wait', `must be a number of seconds from 0 to ${maxWaitSeconds}`);
}
