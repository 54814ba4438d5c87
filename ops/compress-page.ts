/**
 * Writes a Brotli file (`.br`) beside each file of `dist/static` that becomes smaller by it, for servers that send such files. What it
 * makes of a large file is kept in `node_modules/.cache`, by the hash of its content: OpenCV takes five seconds, and rarely changes.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { projectRoot } from '../lib/project-root.ts';

const folder = join(projectRoot, 'dist/static');
const cache = join(projectRoot, 'node_modules/.cache/brotli');
/** What is not compressed by its format. */
const compressible = '**/*.{css,html,js,json,md,svg,tflite,ttf,wasm,xml}';
/** Smaller files fit into one packet as they are. */
const minBytes = 1024;
/** Files of this size on are kept: smaller ones are made at once. */
const keptBytes = 1e6;
/** Higher ones take ten times as long for a tenth less. */
const quality = 9;

const compress = promisify(brotliCompress);

mkdirSync(cache, { recursive: true });
await Promise.all(globSync(compressible, { cwd: folder }).map((file) => writeCompressed(join(folder, file))));

async function writeCompressed(path: string): Promise<void> {
  const bytes = readFileSync(path);
  if (bytes.length < minBytes) return;
  const kept = join(cache, `${createHash('sha256').update(bytes).digest('hex')}-${quality}.br`);
  if (existsSync(kept)) return copyFileSync(kept, `${path}.br`);
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const compressed = await compress(bytes, { params });
  if (compressed.length >= bytes.length) return;
  writeFileSync(`${path}.br`, compressed);
  if (bytes.length >= keptBytes) copyFileSync(`${path}.br`, kept);
}
