import { z } from 'zod';
import { getOperations as call } from '../../lib/http/calls/service.ts';
import { json } from '../../lib/http/responses.ts';
import { operations } from '../../lib/operations/registry.ts';
import { maxSteps } from '../../lib/operations/steps.ts';
import { presets } from '../../lib/presets.ts';
import { maxJobImages } from '../../lib/tasks/job.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';

export const getOperations = endpoint(call, async () =>
  json(
    { operations: catalogue, presets: [...presets.values()], limits },
    { headers: { 'Cache-Control': 'public, max-age=300' } },
  ),
);

const limits = {
  imageBytes: settings.maxImageBytes,
  imagePixels: settings.maxImagePixels,
  jobImages: maxJobImages,
  steps: maxSteps,
};

const catalogue = [...operations.values()].map(({ name, title, group, summary, source, inputs, params }) => {
  const { $schema: _, ...schema } = z.toJSONSchema(params, { io: 'input' });
  return { name, title, group, summary, source, inputs, params: schema };
});
