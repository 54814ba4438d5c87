/** What many images will take in Azure, said before they are sent. */
import { effect, signal } from '@preact/signals';
import type { paths } from '../../clients/typescript/src/index.ts';
import { api, sendQuietly } from '../api/client.ts';
import { counted, secondsInWords } from '../ui/words.ts';
import { accepted, imageCount, type Picked } from './images.ts';
import { problem } from './preview-panel.tsx';
import { output, wantedSteps } from './state.ts';

type Query = paths['/api/estimate']['get']['parameters']['query'];

/** With fewer images nobody asks. */
const manyImages = 20;
/** Steps may change with each key. */
const quietMs = 400;
/** Longer ones do not fit into the head of a request. */
const maxStepsCharacters = 6000;

/** One line; null where there is nothing to say. */
export const estimateLine = signal<string | null>(null);

const formats: Record<string, Query['inputFormat']> = {
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/tiff': 'tiff',
  'application/dicom': 'tiff',
};

effect(() => {
  const query = problem.value === null ? questionOf(accepted.value, imageCount.value) : null;
  estimateLine.value = null;
  if (!query) return;
  const stop = new AbortController();
  const timer = setTimeout(async () => {
    const line = await ask(query, stop.signal);
    if (!stop.signal.aborted) estimateLine.value = line;
  }, quietMs);
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
});

/** An image of average size stands for all. */
function questionOf(images: readonly Picked[], count: number): Query | null {
  const steps = JSON.stringify(wantedSteps.value);
  if (count < manyImages || wantedSteps.value.length === 0 || steps.length > maxStepsCharacters) return null;
  const sizes = images.flatMap(({ width, height }) => (width && height ? [width * height] : []));
  if (sizes.length === 0) return null;
  return {
    images: count,
    megapixels: Math.max(0.001, Number((mean(sizes) / 1e6).toPrecision(3))),
    bytes: Math.max(1, Math.round(mean(images.map(({ file }) => file.size)))),
    inputFormat: formats[images[0].contentType] ?? 'png',
    steps,
    ...(Object.keys(output.value).length > 0 && { output: JSON.stringify(output.value) }),
  };
}

/** Null where the service does not say: sending is possible all the same. */
async function ask(query: Query, signal: AbortSignal): Promise<string | null> {
  const answer = api.GET('/api/estimate', { params: { query }, fetch: sendQuietly, signal });
  const { data } = await answer.catch(() => ({ data: undefined }));
  if (!data) return null;
  const { seconds, cost, images } = data;
  return `About ${secondsInWords(seconds)} and ${dollars(cost.total)} for ${counted(images, 'image')} in Azure`;
}

function dollars(amount: number): string {
  if (amount < 0.01) return 'less than $0.01';
  return amount < 100 ? `$${amount.toFixed(2)}` : `$${Math.round(amount).toLocaleString('en')}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
