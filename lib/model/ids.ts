import { randomBytes } from 'node:crypto';

/** Crockford's base 32 in lower case: no letter that is read as another, safe in URLs, blob names and row keys. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** Ids of jobs that are spread over several storage accounts end with their number, as a digit. */
const jobIdPattern = /^[0-9a-hjkmnp-tv-z]{26}[2-9a-g]?$/;
const taskIdPattern = /^([0-9a-hjkmnp-tv-z]{26}[2-9a-g]?)-(0|[1-9]\d{0,5})$/;
const idCharacters = 26;

/** The most storage accounts that a job can be spread over. */
export const maxAccounts = 16;

/**
 * An id that cannot be guessed: 130 random bits in 26 characters. Of a job that is spread over several storage accounts it says how
 * many there were, so that its tasks are found when there are more.
 */
export function newJobId(accounts = 1): string {
  return jobIdFrom(randomBytes(26)) + (accounts > 1 ? alphabet[accounts] : '');
}

/** The number of storage accounts that the job is spread over. */
export function accountsIn(jobId: string): number {
  return jobId.length > idCharacters ? alphabet.indexOf(jobId[idCharacters]) : 1;
}

/** The id's first ten bits, as a number. */
export function bitsOf(jobId: string): number {
  return alphabet.indexOf(jobId[0]) * 32 + alphabet.indexOf(jobId[1]);
}

/** The id that 26 random bytes, or more, stand for. */
export function jobIdFrom(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, idCharacters), (byte) => alphabet[byte & 31]).join('');
}

export function isJobId(id: string): boolean {
  return jobIdPattern.test(id);
}

export function taskIdOf(jobId: string, index: number): string {
  return `${jobId}-${index}`;
}

/** The parts of a task id, or null where the text is none. */
export function parseTaskId(id: string): { jobId: string; index: number } | null {
  const [, jobId, index] = taskIdPattern.exec(id) ?? [];
  return jobId === undefined ? null : { jobId, index: Number(index) };
}
