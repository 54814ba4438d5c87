/** What is past its time, and what is not. */

import { cutoffsAt, isJobPast } from '../../lib/model/retention.ts';
import { noCounts } from '../../lib/model/states.ts';

const day = 24 * 3600_000;
const now = Date.UTC(2026, 5, 15);
const cutoffs = cutoffsAt(now, 7 * day);

function job(daysOld: number, state: 'Queued' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled') {
  const counts = { ...noCounts(), [state]: 1 };
  return { createdAt: new Date(now - daysOld * day), total: 1, canceledAt: null, error: null, counts };
}

test.each([
  ['done', 6.9, 'Succeeded', false],
  ['done', 7.1, 'Succeeded', true],
  ['failed', 7.1, 'Failed', true],
  ['canceled', 7.1, 'Canceled', true],
  ['waiting', 7.1, 'Queued', false],
  ['at work', 13.9, 'Running', false],
  ['waiting for twice the retention', 14.1, 'Queued', true],
] as const)('a job that is %s after %f days: %s, past its time: %s', (_, daysOld, state, past) => {
  expect(isJobPast(job(daysOld, state), cutoffs)).toBe(past);
});

test('an entry in a list whose job is gone is past its time', () => {
  expect(isJobPast(null, cutoffs)).toBe(true);
});

test('images under a prefix that were not counted yet keep their job open', () => {
  const uncounted = { ...job(8, 'Queued'), total: null, counts: noCounts() };
  expect(isJobPast(uncounted, cutoffs)).toBe(false);
  expect(isJobPast({ ...uncounted, canceledAt: new Date(now) }, cutoffs)).toBe(true);
});

test('uploads stay for twice the retention, answers for a day, whatever the retention', () => {
  expect(cutoffs).toEqual({
    jobs: new Date(now - 7 * day),
    openJobs: new Date(now - 14 * day),
    blobs: new Date(now - 14 * day),
    answers: new Date(now - day),
    history: new Date(now - 2 * day),
  });
  expect(cutoffsAt(now, 0)).toMatchObject({ jobs: new Date(now), answers: new Date(now - day) });
});
