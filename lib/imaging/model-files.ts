import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../project-root.ts';
import type { ModelFile } from '../vision/models.ts';

/** Reads a model or a font from where it ships: `assets/`, or npm packages. */
export function readModelFile(file: ModelFile): Uint8Array {
  if (file.endsWith('.tflite')) {
    const name = file.startsWith('selfie') ? 'selfie_segmentation' : 'face_detection';
    return readFileSync(fileURLToPath(import.meta.resolve(`@mediapipe/${name}/${file}`)));
  }
  if (file.endsWith('.ttf')) return readFileSync(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)));
  return readFileSync(join(projectRoot, 'assets', file));
}
