/** Stacks of pages (z or time) as one image. */
import { maxProjectedPixels } from '../limits.ts';
import { type Problem, problem } from '../problems.ts';
import { decode } from './decode.ts';
import type { DecodeOptions, Pixels } from './pixels.ts';
import type { Projection } from './projection.ts';

/**
 * All pages of a file from `page` on in one image, in the samples of the file: pages are decoded with 16 bits where they have them, one after
 * the other. Throws `operation-failed` where pages differ in size or kind, and `too-many-pixels` where they are too many; and what
 * `decode` throws.
 */
export async function projectPages(bytes: Uint8Array, projection: Projection, options: DecodeOptions): Promise<Pixels> {
  const wanted: DecodeOptions = { ...options, maxDepth: 16 };
  const { page: from = 1 } = options;
  const first = await decode(bytes, wanted);
  const { pages, width, height } = first;
  const count = pages - from + 1;
  if (count * width * height > maxProjectedPixels) throw tooMany(count, width * height);
  if (count === 1) return first;
  if (first.scaledFrom) throw unlike('have values that are spread over 16 bits, each page by its own range');
  // Sums of 16 bits: 65,536 pages fit.
  const total = projection === 'mean' ? Uint32Array.from(samplesOf(first)) : samplesOf(first).slice();
  const combine = combiners[projection];
  let { bits } = first;
  for (let page = from + 1; page <= pages; page++) {
    const next = await decode(bytes, { ...wanted, page });
    checkAlike(first, next, page);
    combine(total, samplesOf(next));
    if (bits && next.bits && next.bits > bits) bits = next.bits;
  }
  const samples = first.depth === 16 ? new Uint16Array(total.length) : new Uint8Array(total.length);
  const share = projection === 'mean' ? count : 1;
  for (let i = 0; i < samples.length; i++) samples[i] = Math.round(total[i] / share);
  return { ...first, data: Buffer.from(samples.buffer), ...(bits && { bits }) };
}

type SampleArray = Uint8Array | Uint16Array;

const combiners: Record<Projection, (total: SampleArray | Uint32Array, next: SampleArray) => void> = {
  max(total, next) {
    for (let i = 0; i < total.length; i++) if (next[i] > total[i]) total[i] = next[i];
  },
  min(total, next) {
    for (let i = 0; i < total.length; i++) if (next[i] < total[i]) total[i] = next[i];
  },
  mean(total, next) {
    for (let i = 0; i < total.length; i++) total[i] += next[i];
  },
};

function samplesOf({ data, depth }: Pixels): SampleArray {
  return depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
}

function checkAlike(first: Pixels, next: Pixels, page: number): void {
  if (next.width !== first.width || next.height !== first.height)
    throw unlike(
      `differ in size: page ${page} is ${next.width} × ${next.height}, not ${first.width} × ${first.height}`,
    );
  const isAlike =
    next.depth === first.depth &&
    next.channels === first.channels &&
    next.modality?.values.offset === first.modality?.values.offset &&
    next.values?.offset === first.values?.offset;
  if (!isAlike || next.scaledFrom) throw unlike(`differ in their samples, first on page ${page}`);
}

function unlike(why: string): Problem {
  return problem('operation-failed', `The pages cannot be projected: they ${why}.`, { field: 'projection' });
}

function tooMany(pages: number, pixels: number): Problem {
  const limit = maxProjectedPixels / 1e6;
  const detail = `A projection takes at most ${limit} megapixels in total, but the image has ${pages} pages of ${(pixels / 1e6).toFixed(1)} megapixels.`;
  return problem('too-many-pixels', detail, { field: 'projection', maxPixels: maxProjectedPixels });
}
