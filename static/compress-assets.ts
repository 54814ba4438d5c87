/** Compresses what the runner sends; the result is kept by content, as the large files are the same build after build. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { projectRoot } from '../lib/project-root.ts';

const folder = join(projectRoot, 'dist/static');
const cache = join(projectRoot, 'node_modules/.cache/tessera-brotli');
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
/** Higher ones take half a minute for OpenCV, and save a few percent. */
const quality = 9;
const leastBytes = 1024;

mkdirSync(cache, { recursive: true });
for (const file of globSync('**/*.{js,css,html,svg,json,wasm,tflite}', { cwd: folder })) {
  const bytes = readFileSync(join(folder, file));
  if (bytes.length < leastBytes) continue;
  const kept = join(cache, `${createHash('sha256').update(bytes).digest('hex')}-${quality}`);
  if (!existsSync(kept)) {
    const params = { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(kept, brotliCompressSync(bytes, { params }));
  }
  writeFileSync(join(folder, `${file}.br`), readFileSync(kept));
}
