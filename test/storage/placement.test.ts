/** Where things lie in several accounts: evenly, together, and for good. */
import { newJobId, parseTaskId, taskIdOf } from '../../lib/model/ids.ts';
import { jobListBlob, resultBlob, taskInputBlob, uploadBlob } from '../../lib/storage/blob-names.ts';
import { blockTasks, partitionOf, partitionsOf } from '../../lib/storage/partitions.ts';
import {
  accountOfPartition,
  accountsOfBlob,
  accountsOfPrefix,
  ofAccount,
  UnknownAccountError,
} from '../../lib/storage/placement.ts';

const total = 16 * blockTasks;
const numbers = Array.from({ length: 16 }, (_, i) => i + 1);

test.each(numbers)('a large job is spread evenly over %d accounts', (accounts) => {
  const id = newJobId(accounts);
  expect(parseTaskId(taskIdOf(id, 5))).toEqual({ jobId: id, index: 5 });
  const tally = new Map<number, number>();
  for (const account of partitionsOf({ id, total }).map(accountOfPartition))
    tally.set(account, (tally.get(account) ?? 0) + 1);
  expect([...tally.keys()].sort((a, b) => a - b)).toEqual(numbers.slice(0, accounts).map((number) => number - 1));
  expect(Math.max(...tally.values()) - Math.min(...tally.values())).toBeLessThanOrEqual(1);
});

test('single tasks are spread as well', () => {
  const used = new Set(Array.from({ length: 200 }, () => accountOfPartition(newJobId(3))));
  expect([...used].sort()).toEqual([0, 1, 2]);
});

test('the blobs of a task lie beside its row, however many accounts there are now', () => {
  const id = newJobId(4);
  for (const index of [0, 100, 500, 1000]) {
    const task = taskIdOf(id, index);
    const account = accountOfPartition(partitionOf(task));
    for (const now of [4, 9]) expect(accountsOfBlob(resultBlob(task), now)).toEqual([account]);
    expect(accountsOfPrefix(`${id}/${index}/`, 4)).toEqual([account]);
  }
  const first = [accountOfPartition(id)];
  expect(accountsOfBlob(taskInputBlob(id, 'image'), 4)).toEqual(first);
  expect(accountsOfBlob(jobListBlob(id), 4)).toEqual(first);
  expect(accountsOfPrefix(`tasks/${id}/`, 4)).toEqual(first);
  expect(accountsOfPrefix('tasks/', 4)).toEqual([0, 1, 2, 3]);
});

test('ids of one account are as they were, and what they name is in the first', () => {
  expect(newJobId()).toHaveLength(26);
  expect(partitionsOf({ id: newJobId(), total }).map(accountOfPartition)).toEqual(new Array(16).fill(0));
});

test('an upload goes where it went before, or to the account that is new', () => {
  const names = Array.from({ length: 2000 }, (_, i) => uploadBlob('someone', `set/${i}.png`));
  for (const accounts of [1, 2, 5, 15]) {
    let moved = 0;
    for (const name of names) {
      const [before, after] = [accountsOfBlob(name, accounts), accountsOfBlob(name, accounts + 1)];
      expect([before, [accounts, ...before]]).toContainEqual(after);
      moved += after.length - before.length;
    }
    expect(moved * (accounts + 1)).toBeGreaterThan(0.8 * names.length);
    expect(moved * (accounts + 1)).toBeLessThan(1.2 * names.length);
  }
});

test('an account that the settings do not name is said to be missing', () => {
  expect(ofAccount(['a', 'b'], 1)).toBe('b');
  expect(() => ofAccount(['a', 'b'], 2)).toThrow(UnknownAccountError);
  expect(() => ofAccount(['a', 'b'], 2)).toThrow('Storage account 3 is needed; the settings name 2.');
});
