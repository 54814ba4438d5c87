import { useEffect } from 'preact/hooks';
import { pause } from '../api/patience.ts';

/** Looks at once and then every so often, but not while the page is hidden; anew where one of `deps` changes. */
export function useLooking(look: (signal: AbortSignal) => Promise<void>, everyMs: number, deps: unknown[] = []): void {
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const follow = async () => {
      while (!signal.aborted) {
        if (!document.hidden) await look(signal);
        await pause(everyMs, signal).catch(() => undefined);
      }
    };
    void follow();
    return () => stop.abort();
  }, deps);
}
