/** The room in the queue goes to callers and jobs in equal parts, and nobody waits for ever. */
import { shareRoom, type Waiting } from '../../lib/jobs/shares.ts';

const job = (owner: string, jobId: string, waiting: number | null = 1000): Waiting => ({ owner, jobId, waiting });

test('two callers have equal parts, however many jobs one of them has', () => {
  const jobs = [job('a', 'a1'), job('a', 'a2'), job('a', 'a3'), job('b', 'b1')];
  expect(Object.fromEntries(shareRoom(jobs, 60, 0))).toEqual({ a1: 10, a2: 10, a3: 10, b1: 30 });
});

test('what one does not need goes to the others', () => {
  const jobs = [job('a', 'a1', 5), job('b', 'b1', 1000), job('b', 'b2', 1)];
  expect(Object.fromEntries(shareRoom(jobs, 60, 0))).toEqual({ a1: 5, b1: 54, b2: 1 });
});

test('a job whose tasks nobody has counted takes its part', () => {
  expect(Object.fromEntries(shareRoom([job('a', 'a1', null), job('b', 'b1')], 10, 0))).toEqual({ a1: 5, b1: 5 });
});

test.each([
  ['no room', 0],
  ['less than none', -5],
])('%s is shared by nobody', (_, room) => {
  expect(shareRoom([job('a', 'a1')], room, 0).size).toBe(0);
});

test.each([3, 7])('where there is room for one task of the 3 jobs of %i callers, each has its turn', (callers) => {
  const jobs = Array.from({ length: callers }, (_, caller) =>
    Array.from({ length: 3 }, (_, i) => job(`caller${caller}`, `job${caller}-${i}`)),
  ).flat();
  const served = new Set<string>();
  for (let turn = 0; turn < jobs.length; turn++) for (const jobId of shareRoom(jobs, 1, turn).keys()) served.add(jobId);
  expect(served.size).toBe(jobs.length);
});
