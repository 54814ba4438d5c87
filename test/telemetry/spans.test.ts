import type { Task } from '../../lib/model/task.ts';
import { forced, isInShare, newTrace, parseTrace, traceIdOfTask, unforced } from '../../lib/model/trace.ts';
import { inInvocation } from '../../lib/telemetry/invocations.ts';
import { spansOf } from '../../lib/telemetry/spans.ts';

const id = `${'a'.repeat(26)}-0`;
const [began, ended] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 100];
const task = {
  id,
  inJob: false,
  attempts: 1,
  instance: 'i',
  steps: [{ operation: 'canny', params: {} }],
  createdAt: new Date(began - 50),
  startedAt: new Date(began),
  finishedAt: new Date(ended),
  timings: { queuedMs: 50, downloadMs: 10, waitMs: 20, decodeMs: 5, processMs: 30, encodeMs: 5, uploadMs: 10 },
  traceparent: newTrace(null, 1),
} as unknown as Task;

test('the phases of a traced task follow each other and fill its time', () => {
  const [root, ...phases] = spansOf('task-succeeded', {}, { task }, 0);
  const trace = parseTrace(task.traceparent);
  expect(root).toMatchObject({
    traceId: trace?.traceId,
    parentSpanId: trace?.spanId,
    start: began,
    end: ended,
    error: null,
  });
  expect(phases.map(({ name, start, end }) => [name, start - began, end - began])).toEqual([
    ['download', 0, 10],
    ['wait', 10, 30],
    ['decode', 30, 35],
    ['process', 35, 65],
    ['encode', 65, 70],
    ['upload', 70, 80],
    ['commit', 80, 100],
  ]);
  for (const { parentSpanId } of phases) expect(parentSpanId).toBe(root.spanId);
});

test('what is not in the share is traced where it fails, and from then on', () => {
  const traceparent = newTrace(null, 0);
  const plain = { ...task, traceparent };
  expect(spansOf('task-succeeded', {}, { task: plain }, 0)).toEqual([]);
  const [failed] = spansOf('task-attempt-failed', { error: 'Error: no\n    at x' }, { task: plain }, 0);
  expect(failed).toMatchObject({ error: 'Error: no', traceId: parseTrace(traceparent)?.traceId });
  const [again] = spansOf('task-succeeded', {}, { task: { ...plain, traceparent: forced(traceparent) } }, 0);
  expect(again).toMatchObject({ error: null, traceId: failed.traceId, parentSpanId: failed.parentSpanId });
});

test('a task of a job has a trace of its own, linked with that of the job and the invocation', async () => {
  const traceparent = unforced(newTrace(null, 1));
  const ofJob = { ...task, inJob: true, traceparent };
  expect(spansOf('task-succeeded', {}, { task: ofJob }, 0)).toEqual([]);
  const host = newTrace(null, 1);
  await inInvocation(id, host, async () => {
    const [root] = spansOf('task-succeeded', {}, { task: ofJob }, 1);
    expect(root).toMatchObject({ traceId: traceIdOfTask(id), parentSpanId: null });
    expect(root.links.map(({ traceId }) => traceId)).toEqual(
      [traceparent, host].map((text) => parseTrace(text)?.traceId),
    );
  });
});

test('a callback that fails is traced, one that works where its task is', () => {
  const subject = { trace: newTrace(null, 0), since: began };
  const facts = { id, host: 'example.org', attempt: 2 };
  expect(spansOf('callback-delivered', facts, subject, 0)).toEqual([]);
  expect(spansOf('callback-failed', { ...facts, error: 'no' }, subject, 0)).toMatchObject([
    { name: 'callback', error: 'no', parentSpanId: parseTrace(subject.trace)?.spanId },
  ]);
  expect(spansOf('callback-delivered', facts, { ...subject, trace: forced(subject.trace) }, 0)).toHaveLength(1);
});

test('a share of traces is a share, and the same everywhere', () => {
  const ids = Array.from({ length: 4000 }, (_, i) => traceIdOfTask(`task-${i}`));
  const kept = ids.filter((traceId) => isInShare(traceId, 0.25)).length;
  // Hashes of fixed texts: the count never changes.
  expect(kept / ids.length).toBeCloseTo(0.25, 1);
  expect(ids.every((traceId) => isInShare(traceId, 1) && !isInShare(traceId, 0))).toBe(true);
});

test("a caller's trace goes on, but does not decide what is kept", () => {
  const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  expect(parseTrace(newTrace(caller, 0))).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    sampled: false,
  });
  expect(parseTrace(newTrace(caller, 0))?.spanId).not.toBe('b7ad6b7169203331');
  for (const wrong of ['', '00-0-0-01', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, null])
    expect(parseTrace(wrong)).toBeNull();
});
