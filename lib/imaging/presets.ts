import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '../problems.ts';
import { projectRoot } from '../project-root.ts';
import { type OutputOptions, parseOutput } from './output.ts';
import { parseSteps, type Step } from './steps.ts';

/** A named chain of steps. */
export interface Preset {
  name: string;
  title: string;
  summary: string;
  steps: Step[];
  output: OutputOptions;
}

/** What a preset of a caller may be called. */
export const presetNamePattern = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;

const listed = JSON.parse(readFileSync(join(projectRoot, 'presets/presets.json'), 'utf8')) as Partial<Preset>[];

/** The presets of presets/presets.json, checked and with all defaults filled in. */
export const presets: ReadonlyMap<string, Preset> = new Map(
  listed.map(({ name = '', title = '', summary = '', steps, output }) => [
    name,
    { name, title, summary, steps: parseSteps(steps), output: parseOutput(output ?? {}) },
  ]),
);

export function findPreset(name: string): Preset {
  const preset = presets.get(name);
  if (preset) return preset;
  const known = [...presets.keys()].join(', ');
  throw problem('unknown-preset', `${JSON.stringify(name.slice(0, 80))} is not a preset. Available: ${known}.`, {
    field: 'preset',
  });
}
