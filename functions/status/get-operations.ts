import { z } from 'zod';
import { getOperations as call } from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { presets } from '../../lib/imaging/presets.ts';
import { maxJobImages, maxSteps } from '../../lib/limits.ts';
import { operations } from '../../lib/operations/registry.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';

export const getOperations = endpoint(call, async () =>
  json(
    { operations: catalog, presets: [...presets.values()], limits },
    { headers: { 'Cache-Control': 'public, max-age=300' } },
  ),
);

const limits = {
  imageBytes: settings.maxImageBytes,
  imagePixels: settings.maxImagePixels,
  jobImages: maxJobImages,
  steps: maxSteps,
};

const catalog = [...operations.values()].map(
  ({ name, title, group, summary, source, inputs, referenceParam, params, measures }) => {
    const { $schema: _, ...schema } = z.toJSONSchema(params, { io: 'input' });
    const { $schema: __, ...measured } = z.toJSONSchema(measures ?? z.object({}), { io: 'output' });
    return { name, title, group, summary, source, inputs, referenceParam, params: schema, measures: measured };
  },
);
