/** Where log lines go: a Functions invocation context fits. */
export interface Log {
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** A log line that tools can read: one JSON object with the event's name and its facts. */
export function line(event: string, facts: Record<string, unknown>): string {
  return JSON.stringify({ event, ...facts });
}
