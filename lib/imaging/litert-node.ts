/** LiteRT in Node: the package is made for browsers, and finds here what it expects of one. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';

/** Loads the runtime into this thread. */
export async function loadLiteRtInNode(): Promise<typeof import('@litertjs/core')> {
  const litert = await import('@litertjs/core');
  const folder = fileURLToPath(new URL('../wasm/', import.meta.resolve('@litertjs/core')));
  const scope = globalThis as Record<string, unknown>;
  const borrowed: Record<string, unknown> = {
    self: globalThis,
    require: createRequire(import.meta.url),
    __filename: folder,
    __dirname: folder,
    // The script is written to run in the global scope, and says there what it makes.
    importScripts: (path: string) => runInThisContext(readFileSync(path, 'utf8'), { filename: path }),
  };
  const before = Object.keys(borrowed).map((name) => [name, Object.getOwnPropertyDescriptor(scope, name)] as const);
  Object.assign(scope, borrowed);
  try {
    await litert.loadLiteRt(folder);
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(scope, name, descriptor);
      else delete scope[name];
    }
  }
  return litert;
}
