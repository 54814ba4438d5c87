/** Takes OpenCV's WebAssembly out of its script, where it stands as base64, so that it is compiled as it arrives. */
import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const script = /@techstark\/opencv-js\/dist\/opencv\.js$/;
const embedded = /wasmBinaryFile="data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/;

/** Beside the worker's script, named by its content. */
export function opencvFile(): Plugin {
  return {
    name: 'tessera-opencv-file',
    transform(code, id) {
      if (!script.test(id.split('?')[0])) return;
      const [found, base64] = embedded.exec(code) ?? [];
      if (!found || !base64) throw new Error('OpenCV has no WebAssembly in its script any more.');
      const source = Buffer.from(base64, 'base64');
      const name = `opencv-${createHash('sha256').update(source).digest('base64url').slice(0, 8)}.wasm`;
      this.emitFile({ type: 'asset', fileName: `assets/${name}`, source });
      return { code: code.replace(found, `wasmBinaryFile=new URL("${name}",self.location.href).href`), map: null };
    },
  };
}

/** Has browsers fetch what the preview needs once the page itself is there: the first preview then only has to start. */
export function prefetchEngine(): Plugin {
  return {
    name: 'tessera-prefetch-engine',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle, filename }) {
        if (!bundle || !filename.endsWith('index.html')) return;
        const wanted = Object.keys(bundle).filter((file) => /assets\/(worker-|opencv-).*\.(js|wasm)$/.test(file));
        return wanted.map((file) => ({ tag: 'link', attrs: { rel: 'prefetch', href: `./${file}` }, injectTo: 'head' }));
      },
    },
  };
}
