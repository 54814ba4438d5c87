/** Far more than can be done at once: nothing but 429 is refused, and tasks can be read. */
import { flood } from '../harness/flood.ts';

test('500 uploads as fast as 32 clients can send', async () => {
  const { statuses, ids, unexplained, readStatuses, queued } = await flood(500, 32, 450);
  expect([...statuses.keys()].toSorted()).toEqual([202, 429]);
  expect(unexplained).toBe(0);
  expect([...readStatuses].filter((status) => status !== 200 && status !== 429)).toEqual([]);
  expect(new Set(ids).size).toBe(statuses.get(202));
  expect(queued).toBe(ids.length);
}, 60_000);
