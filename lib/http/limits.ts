import type { HttpRequest } from '@azure/functions';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem } from '../problems.ts';
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

  /** Counts a request with a body of so many bytes. Throws `rate-limited` where that is too much. */
  async admit(key: string, bytes: number): Promise<void> {
    await spend(this.#requests, key, 1, 'requests');
    await this.spend(key, bytes);
  }

  /** Counts bytes alone. */
  async spend(key: string, bytes: number): Promise<void> {
    if (bytes > 0) await spend(this.#bytes, key, bytes, 'bytes');
  }
}

/** Who is counted: the caller or, where callers are not told apart, the address. */
export function limitKeyOf(request: HttpRequest, owner: string, mode: AuthMode): string {
  if (mode !== 'anonymous') return owner;
  // The platform's front end appends the address it sees; what stands before that is the client's own claim.
  const address = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  return address.replace(/^([\d.]+):\d+$/, '$1').replace(/^\[(.*)\](:\d+)?$/, '$1');
}

async function spend(limiter: RateLimiterMemory, key: string, points: number, unit: string): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const detail = `More than ${limiter.points} ${unit} in ${periodSeconds} seconds; try again in ${retryAfter} seconds.`;
    throw problem('rate-limited', detail, { limit: limiter.points, retryAfter });
  }
}
