/** After the last suite: what one that came to no end has left running holds up nobody. */
export default async function stop(): Promise<void> {
  await globalThis.sharedParts?.stop();
  setTimeout(() => process.exit(), 3000).unref();
}
