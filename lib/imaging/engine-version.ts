import { createHash, type Hash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../project-root.ts';

let version: string | undefined;

/**
 * Names the engine that makes pictures: changes with the code of `lib/imaging`, `lib/operations` and `lib/vision`, the kernels, the models in
 * `assets/`, and the installed version of every dependency. 64 hexadecimal digits.
 */
export function engineVersion(): string {
  version ??= packagedVersion() ?? engineVersionOf(dirname(import.meta.dirname), projectRoot);
  return version;
}

/** A package that is deployed has neither this code as files nor all dependencies: it was told when it was made. */
function packagedVersion(): string | undefined {
  return (readJson(join(projectRoot, 'package.json')) as { engineVersion?: string }).engineVersion;
}

/** As `engineVersion`, for the code under `lib` and the package at `root`. */
export function engineVersionOf(lib: string, root: string): string {
  const hash = createHash('sha256');
  hashFiles(hash, lib, '{imaging,operations,vision}/**/*.{ts,js}');
  hashFiles(hash, root, 'lib/kernels/assembly/*.ts');
  hashFiles(hash, root, 'assets/**/*.*');
  const { dependencies } = readJson(join(root, 'package.json')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies).sort()) {
    const { version } = readJson(join(root, 'node_modules', name, 'package.json')) as { version: string };
    hash.update(`${name}@${version}\n`);
  }
  return hash.digest('hex');
}

function hashFiles(hash: Hash, directory: string, pattern: string): void {
  for (const file of globSync(pattern, { cwd: directory }).sort()) {
    const content = createHash('sha256')
      .update(readFileSync(join(directory, file)))
      .digest('hex');
    hash.update(`${file.replaceAll('\\', '/')} ${content}\n`);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
