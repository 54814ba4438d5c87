import { Readable } from 'node:stream';
import type { HttpRequest } from '@azure/functions';
import { Problem, problem } from '../problems.ts';

/** Told of each chunk of a body; a problem that it throws ends the body. */
export type CountBytes = (bytes: number) => Promise<void>;

export interface BodyLimits {
  /** How long to wait for the next bytes, in milliseconds. */
  idleMs: number;
  countBytes?: CountBytes | undefined;
}

/** The body of a request as it arrives. Where nothing comes for `idleMs` it ends with the problem `request-timeout`. */
export function bodyOf(request: HttpRequest, limits: BodyLimits): Readable {
  return Readable.from(chunksOf(request, limits), { objectMode: false });
}

/** Waits for the caller only while something is wanted: a slow reader of ours is not the caller's fault. */
async function* chunksOf(request: HttpRequest, { idleMs, countBytes }: BodyLimits): AsyncGenerator<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { promise: tooSlow, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(timeout(idleMs)), idleMs);
      const { done, value } = await Promise.race([reader.read(), tooSlow]).finally(() => clearTimeout(timer));
      if (done) return;
      await countBytes?.(value.length);
      yield value as Uint8Array;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** What broke off the reading of a body: the problem itself, or that the caller has gone. */
export function bodyProblem(error: Error): Problem {
  return error instanceof Problem ? error : problem('malformed-request', `The body ended early: ${error.message}.`);
}

function timeout(idleMs: number): Problem {
  const limit = idleMs / 1000;
  return problem('request-timeout', `No data was received for ${limit} seconds.`, { limit });
}
