/** Waiting for what may come back: a network, a service. */

const delayMs = { first: 500, last: 8000, growth: 1.7 };

/** Waits for so long, or until the network is back; throws when aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal?.removeEventListener('abort', abort);
      resolve();
    };
    const abort = () => {
      done();
      reject(signal?.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    signal?.addEventListener('abort', abort);
  });
}

const networkChanges = ['offline', 'online'];

/** Nothing has come back for long, or the network changed while something was under way. */
export class StalledError extends Error {
  override readonly name = 'StalledError';
}

/**
 * Makes a request that is broken off where nothing has moved for `stalledMs`, or the network goes or comes back: what was
 * under way then, browsers may keep for ever. `moved` is to be called as it goes on. Throws `StalledError`.
 */
export async function unlessStalled<T>(
  request: (signal: AbortSignal, moved: () => void) => Promise<T>,
  stalledMs: number,
  signal?: AbortSignal | null,
): Promise<T> {
  const stop = new AbortController();
  const stall = () => stop.abort(new StalledError('The connection was lost.'));
  let timer = setTimeout(stall, stalledMs);
  const moved = () => {
    clearTimeout(timer);
    timer = setTimeout(stall, stalledMs);
  };
  for (const change of networkChanges) window.addEventListener(change, stall);
  try {
    return await request(signal ? AbortSignal.any([signal, stop.signal]) : stop.signal, moved);
  } catch (error) {
    throw stop.signal.aborted && !signal?.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    for (const change of networkChanges) window.removeEventListener(change, stall);
  }
}

/** Tries until it works, or fails for another reason than `isPassing` allows. */
export async function persistently<T>(
  attempt: () => Promise<T>,
  isPassing: (error: unknown) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  for (let delay = delayMs.first; ; delay = Math.min(delayMs.last, delay * delayMs.growth)) {
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted || !isPassing(error)) throw error;
    }
    await pause(delay, signal);
  }
}
