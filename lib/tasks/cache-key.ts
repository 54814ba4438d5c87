import { createHash } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { engineVersion } from '../imaging/engine-version.ts';
import type { OutputOptions } from '../imaging/output.ts';
import type { Step } from '../imaging/steps.ts';

export interface WorkToName {
  /** Hashes of the image and, where there is one, the reference. */
  inputs: string[];
  steps: Step[];
  output: OutputOptions;
  page: number;
}

/** The same for the same images through the same steps by the same engine, as 64 hexadecimal digits. */
export function cacheKey({ inputs, steps, output, page }: WorkToName): string {
  return createHash('sha256')
    .update(stringify({ inputs, steps, output, page, engineVersion: engineVersion() }) as string)
    .digest('hex');
}
