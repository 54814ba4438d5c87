/** Where a browser cannot say when it is idle. */
const fallbackMs = 500;

/**
 * Runs `work` once all that the page shows is loaded and the browser is idle; not for people who have asked to save data. Gives what
 * cancels it.
 */
export function atRest(work: () => void): () => void {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  if (connection?.saveData) return () => {};
  const stop = new AbortController();
  const run = () => {
    if (!stop.signal.aborted) work();
  };
  const wait = () => {
    if ('requestIdleCallback' in window) requestIdleCallback(run);
    else setTimeout(run, fallbackMs);
  };
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true, signal: stop.signal });
  return () => stop.abort();
}
