import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { engineVersion } from '../imaging/engine-version.ts';
import { type Work, workOf } from '../imaging/work.ts';

export interface WorkToName extends Work {
  /** Hashes of the image and, where there is one, the reference. */
  inputs: string[];
}

/** The same for the same images through the same steps by the same engine, as 64 hexadecimal digits. */
export function cacheKey({ inputs, ...work }: WorkToName): string {
  return createHash('sha256')
    .update(stringify({ inputs, ...workOf(work), engineVersion: engineVersion() }) as string)
    .digest('hex');
}
