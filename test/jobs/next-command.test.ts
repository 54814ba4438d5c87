import { nextCommand } from '../../lib/jobs/next-command.ts';
import type { StoredJob } from '../../lib/model/job.ts';

test.each([
  ['is being expanded', {}, 'dispatch'],
  ['waits for its tasks', { expansion: { enqueued: 3 } }, null],
  ['was canceled', { canceledAt: new Date() }, null],
  ['could not be expanded', { error: { status: 500 } }, null],
  ['is being canceled', { canceledAt: new Date(), sweep: { kind: 'cancel' } }, 'cancel'],
  ['is being retried while it is expanded', { sweep: { kind: 'retry' } }, 'dispatch'],
  ['is being deleted', { canceledAt: new Date(), sweep: { kind: 'delete' } }, 'delete'],
  ['is one task', { expansion: null }, null],
])('the next command of a job that %s', (_, changes, expected) => {
  const counts = { Queued: 3, Running: 0, Succeeded: 0, Failed: 0, Canceled: 0 };
  const job = { total: 3, counts, expansion: { enqueued: 1 }, sweep: null, canceledAt: null, error: null };
  expect(nextCommand({ ...job, ...changes } as unknown as StoredJob)).toBe(expected);
});
