import { parseTimeSpan, readHostConfig } from '../../lib/config/host-config.ts';
import { projectRoot } from '../../lib/project-root.ts';

test('host.json is read, and settings override it as in the Functions host', () => {
  expect(readHostConfig(projectRoot, {}).queues).toMatchObject({
    batchSize: 4,
    maxDequeueCount: 5,
    visibilityTimeoutMs: 5000,
  });
  const overridden = readHostConfig(projectRoot, { AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '2' });
  expect(overridden.queues.maxDequeueCount).toBe(2);
});

test('time spans are those of .NET', () => {
  expect(parseTimeSpan('00:00:00.2')).toBe(200);
  expect(parseTimeSpan('1.02:03:04')).toBe((((24 + 2) * 60 + 3) * 60 + 4) * 1000);
  expect(parseTimeSpan('5 minutes')).toBeNull();
});
