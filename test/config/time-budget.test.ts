/** The host must not end an instance whose tasks keep within their limits. */
import { readHostConfig } from '../../lib/config/host-config.ts';
import { readSettings } from '../../lib/config/settings.ts';
import { checkTimeBudget } from '../../lib/config/time-budget.ts';
import { projectRoot } from '../../lib/project-root.ts';

const host = readHostConfig(projectRoot, {});
const settings = (changes = {}) => readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...changes });

test.each(['1', '2', '4', '64'])('host.json has time for the default limits with %s threads', (WORKER_THREADS) => {
  checkTimeBudget(host, settings({ WORKER_THREADS }));
});

test('a limit that does not fit is refused, naming what it depends on', () => {
  const check = () => checkTimeBudget(host, settings({ WORKER_THREADS: '1', TASK_TIME_LIMIT_SECONDS: '3600' }));
  for (const name of ['functionTimeout', 'batchSize', 'newBatchThreshold', 'WORKER_THREADS', 'TASK_TIME_LIMIT_SECONDS'])
    expect(check).toThrow(name);
});

test('the last limit that fits is taken, and a second more is not', () => {
  // 12 messages on two threads: six in a row, and five minutes for the storage.
  const queues = { ...host.queues, batchSize: 4, newBatchThreshold: 2 };
  const check = (functionTimeoutMs: number | null) =>
    checkTimeBudget({ functionTimeoutMs, queues }, { workerThreads: 2, taskTimeLimitMs: 120_000 });
  check(1_020_000);
  expect(() => check(1_019_000)).toThrow('1020 s');
  check(null);
});
