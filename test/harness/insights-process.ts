/**
 * Sends telemetry of every event to the Application Insights that the environment names, and ends: a process of its own, as the library for identities
 * keeps the first endpoint that its process has asked.
 */
import { line, logEvents } from '../../lib/log.ts';
import { exportersFor, Telemetry } from '../../lib/telemetry/telemetry.ts';
import { provideUsage } from '../../lib/telemetry/usage.ts';

const { task, trace, insights } = JSON.parse(process.argv[2]);
for (const time of ['createdAt', 'startedAt', 'finishedAt']) task[time] = new Date(task[time]);
const exporters = await exportersFor({ otlpEndpoint: '', insights, insightsClientId: 'c1' });
const source = { ratio: 1, intervalMs: 3600_000, role: 'process', group: 'function:process-task' };
const telemetry = Telemetry.start(exporters, { ...source, instance: 'i-1', cores: 1 });
provideUsage(() => ({ pixels: 1, heapBytes: 1 }));
const backlog = { queued: 1, running: 1, oldestQueuedSeconds: 1, instances: 1, poisoned: 1 };
for (const event of logEvents) line(event, event === 'backlog' ? backlog : {}, { task });
line('request', { call: 'createTask', method: 'POST', status: 202 }, { trace, since: 1 });
line('callback-delivered', { host: 'example.org', attempt: 1 }, { trace, since: 1 });
await telemetry.flush();
line('job-finished', {});
await telemetry.stop();
