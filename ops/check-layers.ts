/** Checks the direction of imports: part of `npm run check`. The layers stand in docs/architecture.md, the highest first. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../lib/project-root.ts';

/** A file may import files of its own layer and of those below it. */
const layers = layersIn(readFileSync(join(projectRoot, 'docs/architecture.md'), 'utf8'));

/** Packages that only one layer may import. */
const owners: Record<string, string> = {
  '@azure/data-tables': 'lib/storage',
  '@azure/storage-blob': 'lib/storage',
  '@azure/storage-queue': 'lib/storage',
};

/** The layers in the block of the architecture's section `Layers`: one in each line, followed by what it is for. */
function layersIn(page: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith('Layers\n')) ?? '';
  return [...section.matchAll(/^ {4}(\S+) {2}/gm)].map(([, layer]) => layer);
}

/** The index of the file's layer; -1 for a file outside, such as one of `local`. */
function layerOf(file: string): number {
  const folder = file
    .split('/')
    .slice(0, file.startsWith('lib/') ? 2 : 1)
    .join('/');
  return layers.indexOf(folder.endsWith('.ts') ? 'lib/*.ts' : folder);
}

/** What the file imports that it must not, one line each. */
export function forbiddenImports(file: string, code: string): string[] {
  const own = layerOf(file);
  return importsOf(code).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      const owner = owners[specifier];
      return owner && layers[own] !== owner ? [`${file}: only ${owner} may import ${specifier}.`] : [];
    }
    const target = relative('.', join(dirname(file), specifier));
    const below = layerOf(target);
    if (below >= own) return [];
    const name = below < 0 ? target.split('/')[0] : layers[below];
    return [
      `${file}: ${layers[own]} must not import ${target}: ${name} is ${below < 0 ? 'outside the layers' : 'above it'}.`,
    ];
  });
}

/** The specifiers of all imports and re-exports, also of types. */
function importsOf(code: string): string[] {
  const matches = code.matchAll(/(?:\bfrom|^import|\bimport\()\s*'([^']+)'/gm);
  return [...matches].map(([, specifier]) => specifier);
}

/** The TypeScript files of all layers. */
export function layeredFiles(): string[] {
  return globSync('{functions,lib}/**/*.ts', { cwd: projectRoot, exclude: ['lib/kernels/assembly/**'] }).map((file) =>
    file.replaceAll('\\', '/'),
  );
}

if (import.meta.main) {
  const files = layeredFiles();
  const unknown = files
    .filter((file) => layerOf(file) < 0)
    .map((file) => `${file} is in no layer of docs/architecture.md.`);
  const forbidden = files.flatMap((file) => forbiddenImports(file, readFileSync(join(projectRoot, file), 'utf8')));
  for (const fault of [...unknown, ...forbidden]) console.error(fault);
  if (unknown.length + forbidden.length > 0) process.exitCode = 1;
}
