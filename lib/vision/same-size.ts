import { problem } from '../problems.ts';
import type { Mat } from './opencv.ts';

/** Throws where two images that are compared pixel by pixel differ in size. */
export function checkSameSize(image: Mat, reference: Mat): void {
  if (image.cols === reference.cols && image.rows === reference.rows) return;
  const sizes = `The image is ${image.cols} × ${image.rows}, the reference ${reference.cols} × ${reference.rows}`;
  throw problem('operation-failed', `${sizes}; they must be of the same size. To align them first, use "register".`);
}
