import { getEstimate as call, estimateFields } from '../../lib/http/calls/estimate.ts';
import { workFrom } from '../../lib/http/fields.ts';
import { presetFinder } from '../../lib/http/preset-finder.ts';
import { json } from '../../lib/http/responses.ts';
import { checkWhole } from '../../lib/imaging/strips.ts';
import { imageTooLarge, Problem, problem } from '../../lib/problems.ts';
import { endpoint } from '../endpoint.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

export const getEstimate = endpoint(call, async ({ request, owner, query }) => {
  const { images, megapixels, bytes, inputFormat: format, downloads, maximumInstances } = query;
  const fields = [...request.query].filter(([name]) => !Object.hasOwn(estimateFields, name));
  const find = await presetFinder(await storage(), owner, query.preset);
  const { steps, output } = workFrom(fields, find);
  checkSize(steps, megapixels, bytes);
  const { assumptionsOf, azure, estimate, prices } = await estimates();
  const platform = { ...azure, maximumInstances, accounts: 1 + settings.furtherStorage.length };
  const retentionDays = settings.retentionMs / (24 * 3600_000);
  const question = { images, megapixels, bytes, format, downloads, retentionDays, steps, output };
  const { image, requests, simulation, walls, cost } = estimate(question, platform);
  const { currency, region, date, kind } = prices;
  return json({
    images,
    image: {
      seconds: rounded(image.seconds),
      decodeSeconds: rounded(image.decodeSeconds),
      steps: image.steps.map(({ operation, seconds }) => ({ operation, seconds: rounded(seconds) })),
      encodeSeconds: rounded(image.encodeSeconds),
      inputBytes: Math.round(image.inputBytes),
      resultBytes: Math.round(image.resultBytes),
    },
    requestsPerTask: requests,
    instances: simulation.instances,
    seconds: rounded(simulation.seconds),
    limitedBy: simulation.limitedBy,
    walls: walls.map(({ name, tasksPerSecond }) => ({ name, tasksPerSecond: rounded(tasksPerSecond) })),
    cost: { currency, ...Object.fromEntries(Object.entries(cost).map(([name, value]) => [name, rounded(value)])) },
    prices: { region, date, kind },
    assumptions: assumptionsOf(platform, retentionDays),
  });
});

/** Loaded when the first estimate is asked for: every instance of every role loads this file when it starts. */
async function estimates() {
  const [{ assumptionsOf }, { estimate, prices }, { azure }] = await Promise.all([
    import('../../lib/estimate/assumptions.ts'),
    import('../../lib/estimate/estimate.ts'),
    import('../../lib/estimate/platform.ts'),
  ]);
  return { assumptionsOf, azure, estimate, prices };
}

/** Refuses images that would be refused when they are submitted. */
function checkSize(steps: Parameters<typeof checkWhole>[0], megapixels: number, bytes: number | undefined): void {
  const { maxImagePixels, maxImageBytes } = settings;
  const pixels = megapixels * 1e6;
  const field = 'megapixels';
  if (pixels > maxImagePixels)
    throw problem('too-many-pixels', `Images may have ${maxImagePixels / 1e6} megapixels.`, {
      field,
      limit: maxImagePixels,
    });
  if (bytes !== undefined && bytes > maxImageBytes) throw imageTooLarge('bytes', maxImageBytes);
  try {
    checkWhole(steps, pixels);
  } catch (error) {
    throw error instanceof Problem ? new Problem({ ...error.details, field }) : error;
  }
}

/** Four significant digits are more than an estimate has. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
