import * as calls from '../../lib/http/calls/presets.ts';
import { workFromJson } from '../../lib/http/fields.ts';
import { json } from '../../lib/http/responses.ts';
import { presets as builtIn, type Preset } from '../../lib/imaging/presets.ts';
import { maxOwnPresets, maxPresetCharacters } from '../../lib/limits.ts';
import { fieldProblem, problem } from '../../lib/problems.ts';
import { endpoint } from '../endpoint.ts';
import { storage } from '../storage.ts';

export const listPresets = endpoint(calls.listPresets, async ({ owner }) =>
  json({ presets: await (await storage()).presets.list(owner) }),
);

export const putPreset = endpoint(calls.putPreset, async ({ owner, body }) => {
  const { name, title = name, summary, ...asked } = body as NonNullable<typeof body>;
  if (builtIn.has(name)) throw fieldProblem('name', 'is that of a preset of the service');
  const { steps, output } = workFromJson({ ...asked, page: 1 });
  if (JSON.stringify(steps).length > maxPresetCharacters)
    throw fieldProblem('steps', `must have at most ${maxPresetCharacters} characters of JSON, defaults included`);
  const { presets } = await storage();
  const own = await presets.list(owner);
  if (own.length >= maxOwnPresets && !own.some((preset) => preset.name === name))
    throw problem(
      'too-many-presets',
      `You have ${own.length} presets; the limit is ${maxOwnPresets}. Delete one first.`,
      {
        limit: maxOwnPresets,
      },
    );
  const preset: Preset = { name, title, summary, steps, output };
  await presets.put(owner, preset);
  return json(preset);
});

export const deletePreset = endpoint(calls.deletePreset, async ({ owner, request }) => {
  const { name } = request.params;
  const deleted = await (await storage()).presets.delete(owner, name);
  if (!deleted) throw problem('preset-not-found', `You have no preset ${JSON.stringify(name.slice(0, 80))}.`);
  return { status: 204 };
});
