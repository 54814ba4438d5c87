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
