import { findPreset, type Preset, presets } from '../imaging/presets.ts';
import { parseSteps } from '../imaging/steps.ts';
import type { Storage } from '../storage/storage.ts';

/** Throws `unknown-preset`. */
export type FindPreset = (name: string) => Preset;

/** How the preset that a request names is found: among those of the service, then among the caller's own. */
export async function presetFinder(
  { presets: rows }: Pick<Storage, 'presets'>,
  owner: string,
  name: string | undefined,
): Promise<FindPreset> {
  if (name === undefined || presets.has(name)) return findPreset;
  const own = await rows.get(owner, name);
  // Parameters may have become others since it was stored.
  return own ? () => ({ ...own, steps: parseSteps(own.steps) }) : findPreset;
}
