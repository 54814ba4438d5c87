import { type ImageResult, processImage } from '../../lib/imaging/engine-thread.ts';
import type { OutputOptions } from '../../lib/imaging/output.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';
import { fixture } from './fixtures.ts';

const maxPixels = 50e6;

/** Runs steps in this thread, from a file's bytes (or a fixture's name) to the result's. */
export async function runSteps(
  image: string | Uint8Array,
  steps: object[],
  reference?: string | Uint8Array,
  output: OutputOptions = {},
): Promise<ImageResult> {
  await loadOpenCv();
  const bytes = (file: string | Uint8Array) => (typeof file === 'string' ? fixture(file) : file);
  const job = {
    image: bytes(image),
    reference: reference && bytes(reference),
    steps: parseSteps(steps),
    output,
    maxPixels,
  };
  const result = await processImage({ ...job, reference: job.reference || undefined });
  // The encoder may still hold a view of the heap that the next operation writes to.
  return { ...result, bytes: Buffer.from(result.bytes) };
}

/** Runs one operation; its measurements are the operation's own, known to the test. */
export async function run(
  operation: string,
  image: string | Uint8Array,
  params: object = {},
  reference?: string | Uint8Array,
) {
  const result = await runSteps(image, [{ operation, params }], reference);
  // biome-ignore lint/suspicious/noExplicitAny: each operation measures something else.
  return { ...result, measured: result.measurements[0] as any };
}
