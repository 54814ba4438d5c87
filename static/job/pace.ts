import type { Job } from '../../clients/typescript/src/index.ts';

/** The time over which a pace is taken. */
const windowMs = 15_000;

/** How fast a job goes, by what has been seen of it. */
export class Pace {
  #seen: { at: number; ended: number }[] = [];

  note({ counts }: Job): void {
    const now = performance.now();
    this.#seen.push({ at: now, ended: counts.succeeded + counts.failed + counts.canceled });
    const recent = this.#seen.findIndex(({ at }) => at > now - windowMs);
    this.#seen = this.#seen.slice(Math.max(0, recent - 1));
  }

  /** Tasks a second; null while there is too little to go by. */
  get perSecond(): number | null {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.at - first.at < 1000 || last.ended === first.ended) return null;
    return ((last.ended - first.ended) / (last.at - first.at)) * 1000;
  }
}
