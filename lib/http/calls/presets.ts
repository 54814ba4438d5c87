/** Presets: named sequences of steps. */
import { z } from 'zod';
import { outputSchema } from '../../imaging/output.ts';
import { presetNamePattern } from '../../imaging/presets.ts';
import {
  maxOwnPresets,
  maxPresetSummaryCharacters,
  maxPresetTitleCharacters,
  maxWorkBytes,
  maxWorkValues,
} from '../../limits.ts';
import { defineEndpoint, jsonAnswer } from './call.ts';
import { stepSchema } from './schemas.ts';
import { workFields } from './work.ts';

export const presetSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    steps: z.array(stepSchema),
    output: outputSchema,
  })
  .describe('a named sequence of steps')
  .meta({ id: 'Preset' });

export const listPresets = defineEndpoint({
  id: 'listPresets',
  tag: 'presets',
  method: 'GET',
  route: 'presets',
  summary: 'List your presets',
  description: '`GET /api/operations` lists the presets of the service.',
  answers: {
    200: jsonAnswer('Your presets, sorted by name.', z.object({ presets: z.array(presetSchema) })),
  },
  problems: [],
});

export const putPreset = defineEndpoint({
  id: 'putPreset',
  tag: 'presets',
  method: 'POST',
  route: 'presets',
  summary: 'Store a preset',
  description:
    'Use its name as `preset` in tasks and jobs. An existing preset of yours with the same name is replaced.',
  json: {
    schema: z.strictObject({
      name: z
        .string()
        .regex(
          presetNamePattern,
          'must be up to 64 lower-case letters, digits and hyphens, with a letter or digit at both ends',
        )
        .describe('name used in tasks and jobs'),
      title: z.string().min(1).max(maxPresetTitleCharacters).optional().describe('title; by default the name'),
      summary: z.string().max(maxPresetSummaryCharacters).default('').describe('purpose of the preset'),
      steps: workFields.steps,
      output: workFields.output,
    }),
    maxBytes: maxWorkBytes,
    maxValues: maxWorkValues,
  },
  answers: { 200: jsonAnswer('The preset, with the defaults of all parameters.', presetSchema) },
  problems: [
    'malformed-request',
    'request-timeout',
    'body-too-large',
    'unsupported-media-type',
    'invalid-parameter',
    'missing-operation',
    'unknown-operation',
    'too-many-presets',
  ],
});

export const deletePreset = defineEndpoint({
  id: 'deletePreset',
  tag: 'presets',
  method: 'DELETE',
  route: 'presets/{name}',
  summary: 'Delete one of your presets',
  description: `A caller can have up to ${maxOwnPresets} presets.`,
  answers: { 204: { description: 'Deleted.' } },
  problems: ['preset-not-found'],
});
