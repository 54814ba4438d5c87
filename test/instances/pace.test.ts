import { pacePerMinute } from '../../lib/instances/pace.ts';

const now = 10_000_000;

test.each([
  ['nothing has ended', [], now - 30_000, 0],
  ['ten in the first ten seconds of work are sixty a minute', Array(10).fill([5000, 10_000]), now - 10_000, 60],
  ['of a whole minute of work, as many as have ended', Array(42).fill([30_000, 600_000]), now - 600_000, 42],
  [
    'work that is over counts from where it began',
    [
      [1000, 20_000],
      [15_000, 20_000],
    ],
    null,
    6,
  ],
  ['one that was done in no time is not taken for thousands a minute', [[0, 1]], null, 60],
])('%s', (_, ended, busySince, pace) => {
  const tasks = (ended as [number, number][]).map(([ago, since]) => ({ at: now - ago, busySince: now - since }));
  expect(pacePerMinute(tasks, busySince, now)).toBe(pace);
});
