/** Spans, made of what is logged when something has ended: a request, an attempt at a task with its phases, a callback. */
import type { LogEvent } from '../log.ts';
import type { LogSubject } from '../model/log-entries.ts';
import type { Task } from '../model/task.ts';
import { isInShare, newSpanId, parseTrace, type Trace, traceIdOfTask } from '../model/trace.ts';
import { invocationOf } from './invocations.ts';

export interface FinishedSpan {
  name: string;
  kind: 'server' | 'consumer' | 'client' | 'internal';
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  attributes: Record<string, string | number>;
  /** What went wrong; null of what went well. */
  error: string | null;
  links: Pick<Trace, 'traceId' | 'spanId'>[];
}

/** Phases of an attempt, in their order, and where the row says how long each took. */
const phases = [
  ['download', 'downloadMs'],
  ['wait', 'waitMs'],
  ['decode', 'decodeMs'],
  ['process', 'processMs'],
  ['encode', 'encodeMs'],
  ['upload', 'uploadMs'],
] as const;

/** How an attempt ends, and whether that is wrong. */
const attemptEnds: Partial<Record<LogEvent, boolean>> = {
  'task-succeeded': false,
  'task-canceled': false,
  'task-failed': true,
  'task-attempt-failed': true,
  'task-released': true,
  'task-reassigned': true,
  'task-redelivered': true,
};

/** The spans that an event ends; none of those that are not in the share that is traced, unless something went wrong. */
export function spansOf(
  event: LogEvent,
  facts: Record<string, unknown>,
  { task, trace, since }: LogSubject,
  ratio: number,
  now = Date.now(),
): FinishedSpan[] {
  const isWrong = attemptEnds[event];
  if (task && isWrong !== undefined) return attemptSpans(event, facts, task, isWrong, ratio, now);
  const parsed = parseTrace(trace);
  if (!parsed || since === undefined) return [];
  if (event === 'request') return requestSpans(facts, parsed, since, now);
  if (event.startsWith('callback-')) return callbackSpans(facts, parsed, since, now);
  return [];
}

function requestSpans(facts: Record<string, unknown>, trace: Trace, start: number, end: number): FinishedSpan[] {
  const { call, method, status, request } = facts as Record<string, string> & { status: number };
  const error = Number(status) >= 500 ? `HTTP ${status}` : null;
  if (!trace.sampled && error === null) return [];
  return [
    {
      name: String(call),
      kind: 'server',
      traceId: trace.traceId,
      spanId: trace.spanId,
      parentSpanId: null,
      start,
      end,
      error,
      links: [],
      attributes: { 'http.request.method': method, 'http.response.status_code': Number(status), request },
    },
  ];
}

function callbackSpans(facts: Record<string, unknown>, trace: Trace, start: number, end: number): FinishedSpan[] {
  const { id, host, attempt, error = null } = facts as { id: string; host: string; attempt: number; error?: string };
  if (!trace.sampled && error === null) return [];
  return [
    {
      name: 'callback',
      kind: 'client',
      traceId: trace.traceId,
      spanId: newSpanId(),
      parentSpanId: trace.spanId,
      start,
      end,
      error,
      links: [],
      attributes: { id, attempt, 'server.address': host },
    },
  ];
}

function attemptSpans(
  event: LogEvent,
  facts: Record<string, unknown>,
  task: Task,
  isWrong: boolean,
  ratio: number,
  now: number,
): FinishedSpan[] {
  const row = parseTrace(task.traceparent);
  const traceId = task.inJob || !row ? traceIdOfTask(task.id) : row.traceId;
  const isTraced = row?.sampled || ((task.inJob || !row) && isInShare(traceId, ratio));
  if (!isTraced && !isWrong) return [];
  const end = task.finishedAt?.getTime() ?? now;
  const start = Math.min(end, task.startedAt?.getTime() ?? end);
  const spanId = newSpanId();
  // The trace of a job is named, and so is the host's invocation.
  const links = [task.inJob ? row : null, parseTrace(invocationOf(task.id))].filter((link) => link !== null);
  const root: FinishedSpan = {
    name: 'task',
    kind: 'consumer',
    traceId,
    spanId,
    parentSpanId: task.inJob ? null : (row?.spanId ?? null),
    start,
    end,
    error: isWrong ? reasonOf(event, facts) : null,
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    attributes: {
      task: task.id,
      operation: operationOf(task),
      attempt: task.attempts,
      instance: task.instance ?? '',
      event,
      queuedMs: task.timings.queuedMs ?? 0,
    },
  };
  if (event !== 'task-succeeded') return [root];
  return [root, ...phaseSpans(root, task)];
}

/** One after the other, as they are; the rest of the time is that of the row. */
function phaseSpans(root: FinishedSpan, { timings }: Task): FinishedSpan[] {
  let at = root.start;
  const span = (name: string, end: number): FinishedSpan => {
    const start = at;
    at = Math.min(root.end, Math.max(start, end));
    const { traceId, spanId: parentSpanId } = root;
    const own = { traceId, spanId: newSpanId(), parentSpanId };
    return { name, kind: 'internal', ...own, start, end: at, attributes: {}, error: null, links: [] };
  };
  const timed = phases.map(([name, timing]) => span(name, at + (timings[timing] ?? 0)));
  return [...timed, span('commit', root.end)];
}

/** Shown with metrics and spans: the operation, or that there are several. */
export function operationOf({ steps }: Pick<Task, 'steps'>): string {
  return steps.length === 1 ? steps[0].operation : 'pipeline';
}

function reasonOf(event: LogEvent, { error }: Record<string, unknown>): string {
  if (typeof error === 'string') return error.split('\n')[0].slice(0, 300);
  const { detail } = (error ?? {}) as { detail?: string };
  return detail?.slice(0, 300) ?? event;
}
