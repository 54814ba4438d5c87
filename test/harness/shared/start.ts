/** Before the first suite. */
import { SharedParts } from './parts.ts';

declare global {
  var sharedParts: SharedParts | undefined;
}

export default async function start(): Promise<void> {
  globalThis.sharedParts = await SharedParts.start();
  // For the processes that run suites, which take it back.
  process.env.NODE_OPTIONS = `--import=${import.meta.resolve('./keep-worker-data.js')}`;
}
