import { z } from 'zod';
import { endpoint, json } from '../../lib/http/endpoint.ts';
import { operations } from '../../lib/operations/registry.ts';
import { presets } from '../../lib/presets.ts';

/** GET /api/operations: what there is, with the parameters of each as a JSON Schema, and the presets. */
export const getOperations = endpoint(async () =>
  json(
    { operations: catalogue, presets: [...presets.values()] },
    { headers: { 'Cache-Control': 'public, max-age=300' } },
  ),
);

const catalogue = [...operations.values()].map(({ name, title, group, summary, source, inputs, params }) => {
  const { $schema: _, ...schema } = z.toJSONSchema(params, { io: 'input' });
  return { name, title, group, summary, source, inputs, params: schema };
});
