/** Far more than can be done at once: nothing but 429 is refused, tasks can be read, and memory stays within bounds. */
import { flood } from '../harness/flood.ts';

test('2,000 uploads as fast as 32 clients can send', async () => {
  const { statuses, ids, unexplained, readStatuses, memory, queued } = await flood(2000, 32, 2500);
  expect([...statuses.keys()].filter((status) => status !== 202 && status !== 429)).toEqual([]);
  expect(unexplained).toBe(0);
  expect([...readStatuses].filter((status) => status !== 200 && status !== 429)).toEqual([]);
  expect(new Set(ids).size).toBe(statuses.get(202));
  expect(queued).toBe(ids.length);
  if (memory) expect(memory.peak - memory.before).toBeLessThan(300);
}, 180_000);
