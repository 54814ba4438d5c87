/** How the room in the queue is shared among the jobs that wait. */

export interface Waiting {
  jobId: string;
  owner: string;
  /** Tasks that wait; null where nobody has counted them. */
  waiting: number | null;
}

/**
 * Shares `room` tasks among the jobs: by caller in equal parts, and each caller's part by job in equal parts. What one does
 * not need goes to the others. Where there is less room than there are jobs, `turn` says who begins: counted up from one call
 * to the next, everybody has a turn.
 */
export function shareRoom(jobs: readonly Waiting[], room: number, turn: number): Map<string, number> {
  const shares = new Map<string, number>();
  const callers = [...Map.groupBy(jobs, ({ owner }) => owner).values()];
  // Every caller has begun before one of them begins with another job.
  const round = Math.floor(turn / Math.max(1, callers.length));
  const open = rotated(callers, turn).map((own) =>
    rotated(own, round).map((job) => ({ job, left: job.waiting ?? room })),
  );
  for (let left = Math.floor(room); left > 0; ) {
    const before = left;
    for (const own of open) {
      if (left === 0) break;
      const next = own.shift();
      if (!next) continue;
      if (next.left > 0) {
        shares.set(next.job.jobId, (shares.get(next.job.jobId) ?? 0) + 1);
        left--;
      }
      if (next.left > 1) own.push({ ...next, left: next.left - 1 });
    }
    if (left === before && open.every((own) => own.length === 0)) break;
  }
  return shares;
}

function rotated<T>(list: T[], by: number): T[] {
  const first = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
