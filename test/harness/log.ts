import { type Log, withLog } from '../../lib/log.ts';

type Line = Record<string, unknown>;

/** What is logged by the work, and by all that it begins. */
export async function loggedBy(work: () => Promise<unknown>): Promise<{ lines: Line[]; events: unknown[] }> {
  const lines: Line[] = [];
  const note = (line: string) => void lines.push(JSON.parse(line));
  const log: Log = { info: note, warn: note, error: note };
  await withLog(log, work);
  return { lines, events: lines.map(({ event }) => event) };
}
