import { listJobs as jobsCall, listJobTasks as jobTasksCall } from '../../lib/http/calls/jobs.ts';
import { listTasks as tasksCall } from '../../lib/http/calls/tasks.ts';
import { viewJob } from '../../lib/http/job-view.ts';
import { type Position, positionFrom, tokenOf } from '../../lib/http/paging.ts';
import { json } from '../../lib/http/responses.ts';
import { taskView } from '../../lib/http/task-view.ts';
import { parseTaskId } from '../../lib/model/ids.ts';
import type { StoredTask } from '../../lib/model/task.ts';
import { inlineMeasurements } from '../../lib/storage/measurements.ts';
import { jobIdAt, type ListedJob } from '../../lib/storage/owner-index.ts';
import type { JobExtent } from '../../lib/storage/partitions.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import type { TaskListing } from '../../lib/storage/task-store.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';
import { imageUrls } from './image-urls.ts';

/** A page looks into so many jobs at most: where few match, it is shorter than asked for, and has a `next` all the same. */
const jobsAPage = 100;

export const listJobs = endpoint(jobsCall, async ({ owner, query: { limit, continuation } }) => {
  const account = await storage();
  const after = positionFrom('jobs', continuation)?.job;
  const listed: ListedJob[] = [];
  for await (const job of account.ownerIndex.list(owner, after)) if (listed.push(job) === limit) break;
  const jobs = await Promise.all(
    listed.map(async ({ id }) => {
      const job = await account.jobs.glance(id);
      // One that is being made or deleted may be listed without its row.
      return job ? [await viewJob(account, job)] : [];
    }),
  );
  const last = listed.length === limit ? listed.at(-1) : undefined;
  return page('jobs', jobs.flat(), last && { job: last.position });
});

export const listTasks = endpoint(tasksCall, async ({ owner, query: { limit, state, continuation } }) => {
  const account = await storage();
  const position = positionFrom('tasks', continuation);
  const tasks: StoredTask[] = [];
  let seen = 0;
  let next: Position | undefined;
  if (position?.task !== undefined) {
    // The page before ended within this job.
    const within = await account.jobs.glance(jobIdAt(position.job));
    const rest = within ? await listedTasks(account, within, { state, after: position.task, limit }) : [];
    tasks.push(...rest.filter((task) => task.owner === owner));
    if (rest.length === limit) next = { job: position.job, task: indexOf(rest.at(-1)) };
  }
  if (!next) {
    for await (const job of account.ownerIndex.list(owner, position?.job)) {
      const extent = job.total === null ? await account.jobs.glance(job.id) : job;
      const found = extent ? await listedTasks(account, extent, { state, limit: limit - tasks.length }) : [];
      tasks.push(...found);
      if (tasks.length === limit) next = { job: job.position, task: indexOf(tasks.at(-1)) };
      else if (++seen === jobsAPage) next = { job: job.position };
      if (next) break;
    }
  }
  return page('tasks', await views(account, tasks), next);
});

export const listJobTasks = endpoint(jobTasksCall, async (asked) => {
  const { limit, state, urls, continuation } = asked.query;
  const job = await findJob(asked);
  const account = await storage();
  const after = positionFrom('jobTasks', continuation)?.task;
  const tasks = await listedTasks(account, job, { state, limit, ...(after !== undefined && { after }) });
  const next = tasks.length === limit ? { task: indexOf(tasks.at(-1)) } : undefined;
  return page('tasks', await views(account, tasks, urls === 1), next);
});

function listedTasks(account: Storage, job: JobExtent, options: TaskListing) {
  return Array.fromAsync(account.tasks.list(job, options));
}

function views(account: Storage, tasks: StoredTask[], withUrls = false) {
  return Promise.all(
    tasks.map(async (task) =>
      // Those in blobs have megabytes: one list of a hundred would take all memory of an instance.
      taskView(task, inlineMeasurements(task.measurements), withUrls ? await imageUrls(account, task) : undefined),
    ),
  );
}

function indexOf(task: StoredTask | undefined): number {
  return parseTaskId(task?.id ?? '')?.index ?? 0;
}

function page(name: 'jobs' | 'tasks', items: object[], next: Position | undefined) {
  return json({ [name]: items, next: next ? tokenOf(next) : null });
}
