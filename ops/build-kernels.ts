/** Compiles the kernels (lib/kernels/assembly) to `dist/kernels.wasm`, or the file that is named. */
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import asc from 'assemblyscript/asc';
import { projectRoot } from '../lib/project-root.ts';

const out = process.argv[2] ?? join(projectRoot, 'dist/kernels.wasm');
// In one step, as several processes may want it at once.
const unfinished = `${out}.${process.pid}`;
mkdirSync(dirname(out), { recursive: true });
const { error, stderr } = await asc.main([
  join(projectRoot, 'lib/kernels/assembly/index.ts'),
  ...['--baseDir', '/', '--outFile', unfinished],
  // No data and no allocation of their own: the memory is OpenCV's.
  ...['--runtime', 'stub', '--importMemory', '--initialMemory', '0', '--noExportMemory', '--use', 'abort='],
  ...['--enable', 'simd', '-O3', '--noAssert', '--converge'],
]);
if (error) throw new Error(stderr.toString(), { cause: error });
renameSync(unfinished, out);
