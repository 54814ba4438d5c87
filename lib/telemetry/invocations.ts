/** The host's invocations that work on tasks now: their spans are linked with those of the tasks. */
const current = new Map<string, string>();

/** Notes the trace context of the invocation that handles `taskId` while `work` runs. */
export async function inInvocation(taskId: string, traceparent: string | undefined, work: () => Promise<void>) {
  if (traceparent === undefined) return work();
  current.set(taskId, traceparent);
  try {
    await work();
  } finally {
    current.delete(taskId);
  }
}

export function invocationOf(taskId: string): string | undefined {
  return current.get(taskId);
}
