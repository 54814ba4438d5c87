import { getTask as call } from '../../lib/http/calls/tasks.ts';
import { isKnown } from '../../lib/http/conditional.ts';
import { json } from '../../lib/http/responses.ts';
import { retryAfter, taskView } from '../../lib/http/task-view.ts';
import { isFinal } from '../../lib/model/states.ts';
import { loadMeasurements } from '../../lib/storage/measurements.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';
import { imageUrls } from './image-urls.ts';
import { longPoll } from './long-poll.ts';

export const getTask = endpoint(call, async (asked) => {
  const { request, query } = asked;
  const task = await longPoll(asked, query.wait, findTask, ({ state }) => isFinal(state));
  const headers = { ETag: task.etag, 'Cache-Control': 'private, no-cache', ...retryAfter(task) };
  if (isKnown(request, task.etag)) return { status: 304, headers };
  const account = await storage();
  const urls = query.urls === 1 ? await imageUrls(account, task) : undefined;
  return json(taskView(task, await loadMeasurements(account.results, task.measurements), urls), { headers });
});
