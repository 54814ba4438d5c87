import type { HttpResponseInit } from '@azure/functions';
import { getObjects as call } from '../../lib/http/calls/tasks.ts';
import { taskObjectTable } from '../../lib/http/job-results.ts';
import { problem } from '../../lib/problems.ts';
import { contentDisposition } from '../../lib/storage/links.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';
import { findTask } from './find-task.ts';

/** The objects of one task as CSV. */
export const getObjects = endpoint(call, async (asked): Promise<HttpResponseInit> => {
  const task = await findTask(asked);
  if (!task.result) throw problem('result-not-ready', `The task is ${task.state}.`, { state: task.state });
  return {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': contentDisposition('attachment', `${task.input.name ?? task.id}-objects.csv`),
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    body: taskObjectTable(await storage(), task),
  };
});
