/** Where the kernels are in Node: built by `npm run build`, or here, where the sources are newer than what was built. */
import { execFile } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../project-root.ts';

const built = join(projectRoot, 'dist/kernels.wasm');

export async function readKernelFile(): Promise<Uint8Array<ArrayBuffer>> {
  if (isStale()) await promisify(execFile)(process.execPath, [join(projectRoot, 'ops/build-kernels.ts')]);
  return new Uint8Array(await readFile(built));
}

/** What is deployed has no sources. */
function isStale(): boolean {
  const sources = globSync('lib/kernels/assembly/*.ts', { cwd: projectRoot }).map((name) => join(projectRoot, name));
  const age = statSync(built, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((source) => statSync(source).mtimeMs > age);
}
