import type { Sharp } from 'sharp';
import { type Problem, problem } from '../problems.ts';

/** Runs the decoder. Throws `corrupt-image` where it fails. */
export async function rawPixels(image: Sharp, depth: NonNullable<Parameters<Sharp['raw']>[0]>['depth']) {
  try {
    return await image.raw({ depth: depth as 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw corrupt((error as Error).message);
  }
}

export function corrupt(message: string): Problem {
  const reason = message
    .split('\n')[0]
    ?.replace(/^Input (buffer|file) /, '')
    // "has corrupt header: VipsJpeg: premature end of JPEG image" names the library's own parts.
    .replace(/^has corrupt header: /, '')
    .replace(/^Vips\w+: /i, '')
    .trim();
  return problem('corrupt-image', `The image cannot be decoded: ${reason}.`);
}
