import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where host.json is: this file runs from the sources and, one level deeper, from `dist/`. */
export const projectRoot = findRoot(import.meta.dirname);

/** As package.json says. */
export const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

function findRoot(directory: string): string {
  if (existsSync(join(directory, 'host.json'))) return directory;
  if (dirname(directory) === directory) throw new Error('host.json is in no folder above this file.');
  return findRoot(dirname(directory));
}
