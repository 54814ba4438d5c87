import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const modulePath = /\/@techstark\/opencv-js\/dist\/opencv\.js$/;
/** The declaration by its name: the prefix alone stands in the file once more, with nothing behind it. */
const binaryDeclaration = /wasmBinaryFile="data:application\/octet-stream;base64,([^"]+)"/;
/** Where a file that cannot be fetched is told to nobody, or is fetched once more while the thread stands still; and what stands there instead. */
const fetching: readonly (readonly [string, string])[] = [
  ['(receiveInstantiatedSource)})})}else{', '(receiveInstantiatedSource)})}).catch(abort)}else{'],
  ['.catch(function(){return getBinary()})', ''],
];
/** Beside the script of the worker, from which OpenCV goes by the name alone. */
const folder = 'assets';

/**
 * Takes OpenCV's WebAssembly out of its script, where it is base64, and makes it a file of its own: a third smaller, compiled while it
 * arrives, and cached by browsers together with its machine code. Fails where the script is not as expected.
 */
export function openCvFile(): Plugin {
  return {
    name: 'opencv-file',
    transform(code, id) {
      if (!modulePath.test(id)) return null;
      const { declaration, source, name } = binaryIn(code);
      if (!fetching.every(([found]) => code.includes(found)))
        throw new Error(`${id} does not load its WebAssembly as expected.`);
      this.emitFile({ type: 'asset', fileName: `${folder}/${name}`, source });
      const script = code.replace(declaration, () => `wasmBinaryFile="${name}"`);
      return { code: fetching.reduce((text, [found, wanted]) => text.replace(found, () => wanted), script), map: null };
    },
  };
}

/** Has browsers fetch OpenCV's WebAssembly once they have nothing else to do; it is compiled when there is an image. */
export function prefetchOpenCv(): Plugin {
  return {
    name: 'prefetch-opencv',
    transformIndexHtml: {
      handler: (_, { path }) => {
        if (path !== '/index.html') return [];
        const script = createRequire(import.meta.url).resolve('@techstark/opencv-js');
        const { name } = binaryIn(readFileSync(script, 'utf8'));
        const attrs = { rel: 'prefetch', as: 'fetch', crossorigin: true, href: `./${folder}/${name}` };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}

function binaryIn(code: string): { declaration: string; source: Buffer; name: string } {
  const [declaration, base64] = binaryDeclaration.exec(code) ?? [];
  if (declaration === undefined || base64 === undefined)
    throw new Error('OpenCV has no WebAssembly where it is expected.');
  const source = Buffer.from(base64, 'base64');
  const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8);
  return { declaration, source, name: `opencv-${hash}.wasm` };
}
