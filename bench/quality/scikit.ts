/** scikit-image beside us, where Debian's python3-skimage is installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const python = '/usr/bin/python3';
const script = join(import.meta.dirname, 'scikit.py');
const maxBytes = 2 ** 30;

export function hasScikit(): boolean {
  try {
    execFileSync(python, ['-c', 'import skimage'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What a pipeline of `scikit.py` writes of the image. */
export function runScikit(pipeline: 'counting' | 'spots' | 'denoising', png: Buffer, ...options: string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'scikit-'));
  try {
    const file = join(folder, 'image.png');
    writeFileSync(file, png);
    return execFileSync(python, [script, pipeline, file, ...options], { maxBuffer: maxBytes });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
