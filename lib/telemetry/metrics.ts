/** Metrics, made of what is logged and of what the instance uses. docs/watching.md says what each means. */
import type { Meter } from '@opentelemetry/api';
import type { LogEvent } from '../log.ts';
import type { LogSubject } from '../model/log-entries.ts';
import { isEnd, phasesOf, typeOf } from './ends.ts';
import { operationOf } from './spans.ts';
import { currentUsage } from './usage.ts';

/** Facts of the event `backlog`, and the metrics that show them. */
const backlogGauges = [
  ['queued', 'tessera.backlog', '{task}', 'Tasks that wait'],
  ['running', 'tessera.running', '{task}', 'Tasks at work'],
  ['oldestQueuedSeconds', 'tessera.queue.age', 's', 'How long the first task in a queue has waited'],
  ['instances', 'tessera.instances', '{instance}', 'Instances that are at work'],
  ['poisoned', 'tessera.poisoned', '{message}', 'Poison messages that wait to be recorded in their rows'],
] as const;

/** In milliseconds. */
const buckets = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

/** Counts an event. */
export type MetricRecorder = (event: LogEvent, facts: Record<string, unknown>, subject: LogSubject) => void;

/** Makes the instruments. What it gives is to be told of every log event. */
export function recordMetrics(
  meter: Meter,
  { role, group, cores }: { role: string; group: string; cores: number },
): MetricRecorder {
  const gauges = backlogGauges.map(([fact, name, unit, description]) => ({
    fact,
    gauge: meter.createGauge(name, { unit, description }),
  }));
  const durations = meter.createHistogram('tessera.task.duration', {
    unit: 'ms',
    description: 'Of tasks that ended, by operation and phase',
    advice: { explicitBucketBoundaries: buckets },
  });
  const events = meter.createCounter('tessera.events', {
    description: 'What was logged, by event and type of failure',
  });
  const where = { role, group };
  meter
    .createObservableGauge('tessera.cores', { unit: '{core}', description: 'Cores of this instance' })
    .addCallback((result) => result.observe(cores, where));
  meter
    .createObservableGauge('tessera.heap', { unit: 'By', description: 'Memory of this instance, by kind' })
    .addCallback((result) => {
      result.observe(process.memoryUsage.rss(), { ...where, kind: 'process' });
      const usage = currentUsage();
      if (usage) result.observe(usage.heapBytes, { ...where, kind: 'wasm' });
    });
  meter
    .createObservableGauge('tessera.pixels', { unit: '{pixel}', description: 'Pixels that are worked on' })
    .addCallback((result) => {
      const usage = currentUsage();
      if (usage) result.observe(usage.pixels, where);
    });
  return (event, facts, { task }) => {
    events.add(1, { event, type: typeOf(facts) });
    if (event === 'backlog') {
      for (const { fact, gauge } of gauges) gauge.record(Number(facts[fact] ?? 0));
    } else if (task && isEnd(event)) {
      for (const [phase, ms] of phasesOf(task)) durations.record(ms, { operation: operationOf(task), phase });
    }
  };
}
