/** Which trace something belongs to, as rows keep it: W3C trace context (https://www.w3.org/TR/trace-context/), `traceparent`. */
import { createHash, randomBytes } from 'node:crypto';

export interface Trace {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** Of the span that comes before, 16 hexadecimal digits. */
  spanId: string;
  /** Whether what follows is traced. */
  sampled: boolean;
}

/** Null where the text is none. */
export function parseTrace(traceparent: string | null | undefined): Trace | null {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

function formatTrace({ traceId, spanId, sampled }: Trace): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

/** A span of its own in the trace of `parent`, or in a new one. What the parent says of sampling does not matter: a caller could make it costly. */
export function newTrace(parent: string | null | undefined, ratio: number): string {
  const traceId = parseTrace(parent)?.traceId ?? randomBytes(16).toString('hex');
  return formatTrace({ traceId, spanId: newSpanId(), sampled: isInShare(traceId, ratio) });
}

/** The trace of a task of a job: each has its own, the same for the same task; that of the job would be too long. */
export function traceIdOfTask(taskId: string): string {
  return createHash('sha256').update(taskId).digest('hex').slice(0, 32);
}

/** Whether a trace is one of those that are kept of a share of all; every process decides alike. */
export function isInShare(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-12), 16) < ratio * 2 ** 48;
}

/** From now on all is traced: something went wrong. */
export function forced(traceparent: string | null): string | null {
  const trace = parseTrace(traceparent);
  return trace && formatTrace({ ...trace, sampled: true });
}

/** As it stands in the tasks of a job, of which each decides for itself. */
export function unforced(traceparent: string | null): string | null {
  const trace = parseTrace(traceparent);
  return trace && formatTrace({ ...trace, sampled: false });
}
