import type { Log } from '../../lib/log.ts';

/** A log whose lines can be looked at. */
export function recordingLog(): Log & { events(): string[]; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const note = (line: string) => void lines.push(JSON.parse(line));
  return { info: note, warn: note, error: note, lines, events: () => lines.map(({ event }) => event as string) };
}
