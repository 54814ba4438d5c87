/** Asks the process that keeps them for the parts that suites share (see `parts.ts`). */

/** The environment variable that says where; it is not set outside of tests. */
export const sharedPartsUrl = 'TESSERA_SHARED_PARTS';

export interface SharedPart {
  account: { connection: string };
  runner: { url: string; storage: string; key: string };
  browser: { endpoint: string };
}

export function canShare(): boolean {
  return process.env[sharedPartsUrl] !== undefined;
}

export async function askFor<Name extends keyof SharedPart>(part: Name): Promise<SharedPart[Name]> {
  const response = await fetch(`${process.env[sharedPartsUrl]}/${part}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SharedPart[Name];
}
