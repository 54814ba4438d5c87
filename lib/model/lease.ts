/** The right to run a long job command, held by one run at a time. The lease is part of the job's row, and every write of the command renews it. */
import { randomBytes } from 'node:crypto';

/** An instance as job commands need to know it. */
export interface Instance {
  id: string;
  /** Aborted when the instance is about to end: its job commands stop at the next point from which another instance can continue. */
  stopping: AbortSignal;
}

/** Stands for an instance without a heartbeat: others may take its leases over at any time. */
export const unknownInstance: Instance = { id: '', stopping: new AbortController().signal };

export interface Lease {
  instance: string;
  /** Tells runs of the same instance apart. */
  run: string;
  /** Milliseconds since 1970. */
  until: number;
}

export function newLease(instance: string, forMs: number): Lease {
  return { instance, run: randomBytes(6).toString('hex'), until: Date.now() + forMs };
}

export function renewed(lease: Lease, forMs: number): Lease {
  return { ...lease, until: Date.now() + forMs };
}

/** Whether another run has to keep away: the lease has not expired, and its holder is not known to be dead. */
export function isHeld(lease: Lease | null, now: number, isAlive: (instance: string) => boolean): boolean {
  return lease !== null && lease.until > now && isAlive(lease.instance);
}
