import { createHash } from 'node:crypto';
import { engineVersion } from '../imaging/engine-version.ts';
import type { OutputOptions } from '../imaging/output.ts';
import type { Step } from '../operations/steps.ts';

export interface WorkToName {
  /** Hashes of the image and, where there is one, the reference. */
  inputs: string[];
  steps: Step[];
  output: OutputOptions;
  page: number;
}

/** The same for the same images through the same steps by the same engine, as 64 hexadecimal digits. */
export function workKey({ inputs, steps, output, page }: WorkToName): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted({ inputs, steps, output, page, engineVersion: engineVersion() })))
    .digest('hex');
}

/** With the keys of objects in order, so that it does not matter how a request was written. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
