/** The time over which an instance's pace is taken. */
export const paceMs = 60_000;
/** Below this, chance decides. */
const shortestMs = 1000;

/** A task that has ended: when, and when the work began of which it was a part. Milliseconds since 1970. */
export interface Ended {
  at: number;
  busySince: number;
}

/**
 * Tasks that end in a minute at the pace of the last one, or of the part of it since work began. `ended` are those of the last
 * minute; `busySince` is when the work of now began, null where there is none.
 */
export function pacePerMinute(ended: readonly Ended[], busySince: number | null, now: number): number {
  if (ended.length === 0) return 0;
  const since = Math.min(busySince ?? now, ...ended.map((one) => one.busySince));
  const overMs = Math.min(paceMs, Math.max(shortestMs, now - since));
  return Math.round((ended.length / overMs) * 60_000);
}
