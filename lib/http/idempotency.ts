/** Requests that may be sent twice and are carried out once (IETF draft-ietf-httpapi-idempotency-key-header). */
import { createHash } from 'node:crypto';
import type { HttpResponseInit } from '@azure/functions';
import stringify from 'safe-stable-stringify';
import { maxIdempotencyKeyCharacters } from '../limits.ts';
import { inBackground, line, log } from '../log.ts';
import { newJobId } from '../model/ids.ts';
import { answerLifetimeMs } from '../model/retention.ts';
import { fieldProblem, Problem, problem } from '../problems.ts';
import type { Blobs } from '../storage/blob-container.ts';
import { requestBlob } from '../storage/blob-names.ts';
import type { KeyedRequest, RequestRows } from '../storage/request-rows.ts';
import { isStorageFault, withStorageRetry } from '../storage/transient-errors.ts';

/** A request without an answer after so long has died: the platform ends any that take longer than 230 seconds. */
const deadAfterMs = 240_000;
/** Longer answers do not fit into a row (64 KB, two bytes a character). */
const maxRowCharacters = 30_000;

/** A guard around carrying out a request. */
export interface Once {
  /** Id and time for the job that the request makes, if it makes one. */
  jobId: string;
  createdAt: Date | null;
  /** To be called with what is asked for, before it is done. Throws `Replay` or `idempotency-key-reused` where that was answered before. */
  check(wanted: object): Promise<void>;
  /** Keeps the answer. */
  finish(answer: HttpResponseInit): Promise<void>;
  /** Lets the request be sent again. */
  abandon(error: unknown): Promise<void>;
}

/** The request was answered before, like this. */
export class Replay extends Error {
  override readonly name = 'Replay';
  readonly answer: HttpResponseInit;

  constructor(answer: HttpResponseInit) {
    super('Answered before.');
    this.answer = answer;
  }
}

/** Of a request without a key; its job is spread over so many storage accounts. */
export function unrepeated(accounts: number): Once {
  return {
    jobId: newJobId(accounts),
    createdAt: null,
    check: async () => {},
    finish: async () => {},
    abandon: async () => {},
  };
}

export class Idempotency {
  readonly #rows: RequestRows;
  readonly #blobs: Blobs;
  readonly #accounts: number;

  constructor({ requests, inputs, accounts }: { requests: RequestRows; inputs: Blobs; accounts: number }) {
    this.#rows = requests;
    this.#blobs = inputs;
    this.#accounts = accounts;
  }

  /** Throws `request-in-progress` while another request with the key is being answered. */
  async begin(owner: string, callId: string, key: string): Promise<Once> {
    if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(key) || key.length > maxIdempotencyKeyCharacters)
      throw fieldProblem('Idempotency-Key', `must be 1 to ${maxIdempotencyKeyCharacters} printable ASCII characters`);
    const hash = createHash('sha256').update(`${callId} ${key}`).digest('hex');
    const startedAt = new Date();
    const fresh: KeyedRequest = { owner, hash, jobId: newJobId(this.#accounts), createdAt: startedAt, startedAt };
    const etag = await this.#rows.create(fresh).catch((error) => {
      // It may have been written all the same.
      if (isStorageFault(error)) this.#whenPossible(() => this.#forget(fresh), fresh);
      throw error;
    });
    if (etag !== null) return this.#carryOut(fresh, etag, 'first');
    const found = await this.#rows.get(fresh);
    // The other request was refused just now.
    if (!found) return this.begin(owner, callId, key);
    // The first answer was lost, and the client of the storage has asked again.
    if (found.jobId === fresh.jobId) return this.#carryOut(fresh, found.etag, 'first');
    const age = Date.now() - (found.startedAt?.getTime() ?? 0);
    if (found.status !== undefined && age < answerLifetimeMs) return this.#compare(found);
    if (found.status === undefined && age < deadAfterMs) throw inProgress();
    // Of what an earlier try has asked for, some may have been done.
    const { jobId, createdAt, fingerprint } = found.status === undefined ? found : fresh;
    const again: KeyedRequest = { ...fresh, jobId, createdAt, fingerprint };
    const begun = await this.#rows.replace(again, found.etag);
    if (begun === null) throw inProgress();
    return this.#carryOut(again, begun, fingerprint === undefined ? 'first' : 'further');
  }

  #carryOut(begun: KeyedRequest, begunEtag: string, attempt: 'first' | 'further'): Once {
    let [row, etag] = [begun, begunEtag];
    return {
      jobId: row.jobId,
      createdAt: row.createdAt,
      check: async (wanted) => {
        const fingerprint = fingerprintOf(wanted);
        if (row.fingerprint !== undefined && row.fingerprint !== fingerprint) throw keyReused();
        if (row.fingerprint === undefined) {
          row = { ...row, fingerprint };
          etag = await this.#note(row, etag);
        }
      },
      finish: async ({ status = 200, headers, body }) => {
        const text = typeof body === 'string' ? body : '';
        const answered = { ...row, status, headers: JSON.stringify(headers ?? {}) };
        try {
          if (text.length > maxRowCharacters) await this.#blobs.putText(requestBlob(row.owner, row.hash), text);
          const inRow = text.length > maxRowCharacters ? undefined : text;
          const kept = await this.#rows.replace({ ...answered, body: inRow }, etag);
          if (kept === null) throw new Error('The request was taken for dead, and was begun again.');
        } catch (error) {
          // The work is done: it would be wrong to say that it is not.
          log.error(line('response-not-saved', { job: row.jobId, error: String(error) }));
        }
      },
      abandon: async (reason) => {
        // What was refused at once has made nothing; of what broke off, the job it may have begun is found again by its id.
        const nothingMade = reason instanceof Problem && attempt === 'first';
        const abandon = nothingMade ? () => this.#forget(row) : () => this.#release(row, etag);
        try {
          await abandon();
        } catch {
          this.#whenPossible(abandon, row);
        }
      },
    };
  }

  /** Gives the row's new ETag. */
  async #note(row: KeyedRequest, etag: string): Promise<string> {
    const noted = await this.#rows.replace(row, etag);
    if (noted !== null) return noted;
    const found = await this.#rows.get(row);
    // The first answer was lost, and the client of the storage has asked again.
    const isOurs = found?.fingerprint === row.fingerprint && found?.startedAt?.getTime() === row.startedAt?.getTime();
    if (!found || !isOurs) throw inProgress();
    return found.etag;
  }

  async #forget(row: KeyedRequest): Promise<void> {
    const found = await this.#rows.get(row);
    if (found?.jobId === row.jobId && found.status === undefined) await this.#rows.delete(found, found.etag);
  }

  async #release(row: KeyedRequest, etag: string): Promise<void> {
    const released = { ...row, startedAt: undefined };
    if ((await this.#rows.replace(released, etag)) !== null) return;
    // The row may have been written without an answer; then it is still this try's.
    const found = await this.#rows.get(row);
    if (found && found.startedAt?.getTime() === row.startedAt?.getTime() && found.status === undefined)
      await this.#rows.replace(released, found.etag);
  }

  /** The caller has its answer; who sends the request again should not have to wait until it is taken for dead. */
  #whenPossible(change: () => Promise<void>, { jobId }: KeyedRequest): void {
    inBackground(() => withStorageRetry(change, { job: jobId })).catch((error) =>
      log.error(line('request-not-released', { job: jobId, error: String(error) })),
    );
  }

  /** Carries out nothing. */
  #compare(row: KeyedRequest): Once {
    return {
      ...unrepeated(this.#accounts),
      check: async (wanted) => {
        if (fingerprintOf(wanted) !== row.fingerprint) throw keyReused();
        const body = row.body ?? (await this.#blobs.text(requestBlob(row.owner, row.hash)));
        const headers = { ...JSON.parse(row.headers ?? '{}'), 'Idempotent-Replayed': 'true' };
        throw new Replay({ status: row.status as number, headers, body });
      },
    };
  }
}

function inProgress(): Problem {
  return problem('request-in-progress', 'Wait for its response, or try again in a moment.', {
    field: 'Idempotency-Key',
    retryAfter: 5,
  });
}

function keyReused(): Problem {
  return problem('idempotency-key-reused', 'Use a new Idempotency-Key for each different request.', {
    field: 'Idempotency-Key',
  });
}

/** It does not matter in which order a client writes the names of an object. */
function fingerprintOf(wanted: object): string {
  return createHash('sha256').update(stringify(wanted)).digest('hex');
}
