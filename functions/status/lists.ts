import type { HttpRequest } from '@azure/functions';
import { ownerOf } from '../../lib/http/caller.ts';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { type Position, pageOf, positionFrom, stateFrom } from '../../lib/http/paging.ts';
import { taskView } from '../../lib/http/task-view.ts';
import { parseTaskId } from '../../lib/tasks/ids.ts';
import { JobStore } from '../../lib/tasks/job-store.ts';
import { loadMeasurements } from '../../lib/tasks/measurements.ts';
import { type ListedJob, RecentJobs } from '../../lib/tasks/recent-jobs.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
import type { StoredTask } from '../../lib/tasks/task.ts';
import { TaskStore } from '../../lib/tasks/task-store.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';
import { findJob } from './find-job.ts';
import { viewJob } from './view-job.ts';

/** A page looks into so many jobs at most: where few match, it is shorter than asked for, and has a `next` all the same. */
const jobsAPage = 100;

/** GET /api/jobs: the caller's jobs, newest first. */
export const listJobs = endpoint(async (request) => {
  const { limit, position } = pageOf(request);
  const account = await storage();
  const listed: ListedJob[] = [];
  for await (const job of recentJobs(request, account, position)) if (listed.push(job) === limit) break;
  const jobs = await Promise.all(
    listed.map(async ({ id }) => {
      const job = await new JobStore(account).get(id);
      // One that is being made or deleted may be listed without its row.
      return job ? [await viewJob(account, job)] : [];
    }),
  );
  const last = listed.length === limit ? listed.at(-1) : undefined;
  return page('jobs', jobs.flat(), last && { job: last.position });
});

/** GET /api/tasks: the caller's tasks, those of the newest job first; `?state=` chooses. */
export const listTasks = endpoint(async (request) => {
  const { limit, position } = pageOf(request);
  const state = stateFrom(request);
  const account = await storage();
  const tasks: StoredTask[] = [];
  let seen = 0;
  let next: Position | undefined;
  if (position.task !== undefined && position.job !== undefined) {
    // The page before ended within this job.
    const rest = await listedTasks(account, position.job.slice(14), { state, after: position.task, limit });
    tasks.push(...rest);
    if (rest.length === limit) next = { job: position.job, task: indexOf(rest.at(-1)) };
  }
  if (!next) {
    for await (const job of recentJobs(request, account, position)) {
      const found = await listedTasks(account, job.id, { state, limit: limit - tasks.length });
      tasks.push(...found);
      if (tasks.length === limit) next = { job: job.position, task: indexOf(tasks.at(-1)) };
      else if (++seen === jobsAPage) next = { job: job.position };
      if (next) break;
    }
  }
  return page('tasks', await views(account, tasks), next);
});

/** GET /api/jobs/{id}/tasks: in the order in which the images were named; `?state=` chooses. */
export const listJobTasks = endpoint(async (request) => {
  const { limit, position } = pageOf(request);
  const job = await findJob(request);
  const account = await storage();
  const tasks = await listedTasks(account, job.id, { state: stateFrom(request), after: position.task ?? -1, limit });
  const next = tasks.length === limit ? { task: indexOf(tasks.at(-1)) } : undefined;
  return page('tasks', await views(account, tasks), next);
});

function recentJobs(request: HttpRequest, account: Storage, { job }: Position) {
  return new RecentJobs(account).list(ownerOf(request, settings.authMode), job);
}

function listedTasks(account: Storage, jobId: string, options: Parameters<TaskStore['list']>[1]) {
  return Array.fromAsync(new TaskStore(account).list(jobId, options));
}

function views({ results }: Storage, tasks: StoredTask[]) {
  return Promise.all(tasks.map(async (task) => taskView(task, await loadMeasurements(results, task.measurements))));
}

function indexOf(task: StoredTask | undefined): number {
  return parseTaskId(task?.id ?? '')?.index ?? 0;
}

function page(name: 'jobs' | 'tasks', items: object[], next: Position | undefined) {
  return json({ [name]: items, next: next ? positionFrom(next) : null });
}
