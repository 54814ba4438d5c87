import { createRequire } from 'node:module';

/** Loads `@azure/functions` for one test alone: the library knows one host, and other tests of the process may have given it theirs. */
export function ownFunctionsLibrary(): typeof import('@azure/functions') {
  const require = createRequire(import.meta.url);
  for (const name of Object.keys(require.cache))
    if (/functions-core|[\\/]@azure[\\/]functions[\\/]/.test(name)) delete require.cache[name];
  return require('@azure/functions');
}
