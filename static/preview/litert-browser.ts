/** LiteRT in a module worker, where scripts cannot be imported into the global scope. */
import factory from '@litertjs/core/wasm/litert_wasm_internal.js';
import wasmUrl from '@litertjs/core/wasm/litert_wasm_internal.wasm?url';

/** Loads the runtime, whose script is a part of this bundle. */
export async function loadLiteRtInBrowser(): Promise<typeof import('@litertjs/core')> {
  const litert = await import('@litertjs/core');
  const scope = self as unknown as Record<string, unknown>;
  scope.importScripts = () => {
    scope.ModuleFactory = (options: object) => factory({ ...options, locateFile: () => wasmUrl });
  };
  await litert.loadLiteRt('litert_wasm_internal.js');
  return litert;
}
