/** Before the first suite. */
import { SharedParts } from './parts.ts';

declare global {
  var sharedParts: SharedParts | undefined;
}

export default async function start(): Promise<void> {
  globalThis.sharedParts = await SharedParts.start();
}
