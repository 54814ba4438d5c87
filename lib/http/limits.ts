import type { HttpRequest } from '@azure/functions';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Problem, problem } from '../problems.ts';
import type { CountBytes } from './body.ts';
import type { AuthMode } from './caller.ts';

const periodSeconds = 60;

/** How much each caller may ask of one instance in a minute. */
export class CallerLimits {
  readonly #requests: RateLimiterMemory;
  readonly #bytes: RateLimiterMemory;

  constructor({ requestsPerMinute, bytesPerMinute }: { requestsPerMinute: number; bytesPerMinute: number }) {
    this.#requests = new RateLimiterMemory({ points: requestsPerMinute, duration: periodSeconds });
    this.#bytes = new RateLimiterMemory({ points: bytesPerMinute, duration: periodSeconds });
  }

  /** Counts a request with a body of so many bytes. Throws `rate-limited` where that is too much for now, and `body-too-large` where it always is. */
  async admit(key: string, bytes: number): Promise<void> {
    await spend(this.#requests, key, 1, 'requests');
    await this.spend(key, bytes);
  }

  /** Counts bytes alone; those that `field` of the request announces. Throws as `admit`, and `invalid-parameter` of the field. */
  async spend(key: string, bytes: number, field?: string): Promise<void> {
    if (bytes > this.#bytes.points) throw tooMuch(this.#bytes.points, field);
    if (bytes > 0) await spend(this.#bytes, key, bytes, 'bytes');
  }

  /** Counts the bytes of one body as they come. Throws as `admit`. */
  meter(key: string): CountBytes {
    let total = 0;
    return async (bytes) => {
      total += bytes;
      if (total > this.#bytes.points) throw tooMuch(this.#bytes.points);
      await this.spend(key, bytes);
    };
  }
}

function tooMuch(limit: number, field?: string): Problem {
  const rule = `of at most ${limit} bytes in ${periodSeconds} seconds`;
  return field === undefined
    ? problem('body-too-large', `The body is larger than the allowance ${rule}.`, { limit })
    : problem('invalid-parameter', `"${field}" needs more than the allowance ${rule}: request less at a time.`, {
        field,
        limit,
      });
}

/** Who is counted: the caller or, where callers are not told apart, the address. */
export function limitKeyOf(request: HttpRequest, owner: string, mode: AuthMode): string {
  if (mode !== 'anonymous') return owner;
  // The platform's front end appends the address it sees; what stands before that is the client's own claim.
  const address = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return address.replace(/^([\d.]+):\d+$/, '$1').replace(/^\[(.*)\](:\d+)?$/, '$1');
}

/** What is refused counts for nothing. */
async function spend(limiter: RateLimiterMemory, key: string, points: number, unit: string): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    await limiter.reward(key, points);
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const detail = `More than ${limiter.points} ${unit} in ${periodSeconds} seconds; try again in ${retryAfter} seconds.`;
    throw problem('rate-limited', detail, { limit: limiter.points, retryAfter });
  }
}
