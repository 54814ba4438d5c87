/**
 * Which of several storage accounts holds what. A block of neighboring tasks lies in one, rows and blobs, and the blocks of a job
 * follow each other over all. The id of a job says how many accounts there were: with a further one, everything stays where it is.
 */
import { createHash } from 'node:crypto';
import { accountsIn, bitsOf, isJobId, parseTaskId } from '../model/ids.ts';
import { isUpload } from './blob-names.ts';
import { partAt, partitionOf } from './partitions.ts';

/** The account of a partition of table `tasks`; 0 is the first one. */
export function accountOfPartition(partition: string): number {
  const { jobId, index } = partAt(partition);
  return (bitsOf(jobId) + index) % accountsIn(jobId);
}

/** The accounts that a blob may lie in, in the order in which they are to be asked. Only an upload may lie in more than one. */
export function accountsOfBlob(name: string, accounts: number): number[] {
  return isUpload(name) ? accountsOfUpload(name, accounts) : [accountOfPath(name) ?? 0];
}

/** The accounts of the blobs whose names begin with `prefix`. */
export function accountsOfPrefix(prefix: string, accounts: number): number[] {
  const account = accountOfPath(prefix);
  return account === null ? Array.from({ length: accounts }, (_, i) => i) : [account];
}

/** Blobs `tasks/<job>/…`, `jobs/<job>/…` and `<job>/<index>/…` lie beside the rows; null for others. */
function accountOfPath(path: string): number | null {
  const [first, second = '', ...rest] = path.split('/');
  if (rest.length === 0) return null;
  const taskId = `${first}-${second}`;
  if (parseTaskId(taskId)) return accountOfPartition(partitionOf(taskId));
  return (first === 'tasks' || first === 'jobs') && isJobId(second) ? accountOfPartition(second) : null;
}

/**
 * The name of an upload is its owner's choice: it goes to one account now, and went to another when there were fewer (rendezvous
 * hashing, Thaler and Ravishankar 1996). With n accounts these are ln n + 0.6 on average.
 */
function accountsOfUpload(name: string, accounts: number): number[] {
  const places: number[] = [];
  let highest = -1;
  for (let account = 0; account < accounts; account++) {
    const weight = createHash('sha256').update(`${account} ${name}`).digest().readUInt32BE();
    if (weight > highest) places.unshift(account);
    highest = Math.max(highest, weight);
  }
  return places;
}

/** Something lies in an account that the settings of this instance do not name. */
export class UnknownAccountError extends Error {
  override readonly name = 'UnknownAccountError';
}

/** What belongs to an account, of a list with one for each. Throws `UnknownAccountError`. */
export function ofAccount<T>(list: readonly T[], account: number): T {
  if (account >= list.length)
    throw new UnknownAccountError(`Storage account ${account + 1} is needed; the settings name ${list.length}.`);
  return list[account];
}
