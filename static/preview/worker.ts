/** Runs the service's own operations in the browser, on a reduced image. Checking parameters does not load OpenCV. */

import { type PipelineInput, runSteps } from '../../lib/imaging/pipeline.ts';
import { modelsOf, parseSteps, type Step } from '../../lib/imaging/steps.ts';
import { kernelCalls } from '../../lib/kernels/load.ts';
import { Problem, type ProblemDetails } from '../../lib/problems.ts';
import type { Measurements } from '../../lib/vision/declaration/operation.ts';
import { prepareFonts } from '../../lib/vision/fonts.ts';
import { prepareNetworks, setLiteRtProvider } from '../../lib/vision/litert.ts';
import { isFont, isNetwork, type ModelFile, setModelReader } from '../../lib/vision/models.ts';
import { errorOf, loadOpenCv, setKernelReader } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import type { DeepImage } from '../deep/deep-image.ts';
import { deepOf, depthIn, matOf, rgbaOf, toRgba } from './pixels.ts';
import { reduceSteps } from './reduce.ts';

export interface PreviewRequest {
  id: number;
  /** As the form has them, for the image in full size. */
  steps: { operation: string; params: Record<string, unknown> }[];
  /** Null: only check the parameters. */
  image: ImageData | DeepImage | null;
  reference: ImageData | DeepImage | null;
  /** How much smaller the images are than the originals. */
  scale: number;
  /** Whether samples of 16 bits are wanted too, where the result has them. */
  deep?: true;
}

export interface PreviewAnswer {
  id: number;
  image?: ImageData;
  deep?: DeepImage;
  measurements?: Measurements[];
  ms?: number;
  problem?: ProblemDetails;
  /** Why there is no preview, where neither the steps nor the image are at fault. */
  fault?: string;
}

/** What a result in the browser may have. */
const maxPreviewPixels = 100e6;

const models = new Map<ModelFile, Uint8Array>();
setModelReader((file) => {
  const model = models.get(file);
  if (!model) throw new Error(`${file} was not fetched.`);
  return model;
});

setLiteRtProvider(async () => (await import('./litert-browser.ts')).loadLiteRtInBrowser());

setKernelReader(() => fetchFile('kernels.wasm'));
// To be seen in the browser's developer tools: whether the kernels run.
Object.assign(self, { kernelCalls });

/** What the build puts beside the page. */
async function fetchFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`../${path}`, self.location.href));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function fetchModels(steps: readonly Step[]): Promise<void> {
  const wanted = modelsOf(steps);
  for (const file of wanted) {
    if (models.has(file)) continue;
    models.set(file, await fetchFile(`models/${file}`));
  }
  await Promise.all([prepareNetworks(wanted.filter(isNetwork)), prepareFonts(wanted.filter(isFont))]);
}

function modalityOf(image: ImageData | DeepImage): DeepImage['modality'] {
  return 'channels' in image ? image.modality : undefined;
}

async function answer(request: PreviewRequest): Promise<PreviewAnswer> {
  const { id, image, reference, scale } = request;
  try {
    const full = parseSteps(request.steps);
    if (!image) return { id };
    const steps = reduceSteps(full, scale);
    await Promise.all([loadOpenCv(), fetchModels(steps)]);
    const started = performance.now();
    using scope = new Scope();
    const modality = modalityOf(image);
    const referenceModality = reference ? modalityOf(reference) : undefined;
    const input: PipelineInput = {
      image: matOf(image, scope),
      alpha: undefined,
      reference: reference ? rgbaOf(reference, scope) : undefined,
      modality,
      values: modality?.values,
      referenceModality,
      referenceValues: referenceModality?.values,
      ...depthIn(image),
      maxPixels: maxPreviewPixels,
    };
    const output = runSteps(input, steps, scope);
    const shown = toRgba(output.image, output.alpha, scope);
    const deep = request.deep && output.image.elemSize1() === 2 ? deepOf(output.image, input.modality) : undefined;
    const ms = performance.now() - started;
    return { id, image: shown, measurements: output.measurements, ms, ...(deep && { deep }) };
  } catch (thrown) {
    const error = errorOf(thrown);
    if (error instanceof Problem) return { id, problem: error.details };
    throw error;
  }
}

/** Null: what a preview needs is to be loaded. Should that fail, the first preview says so. */
self.onmessage = async ({ data }: MessageEvent<PreviewRequest | null>) => {
  if (!data) return void loadOpenCv().catch(() => undefined);
  const given = await answer(data).catch(
    (error: unknown): PreviewAnswer => ({ id: data.id, fault: (error as Error).message }),
  );
  self.postMessage(given, { transfer: given.image ? [given.image.data.buffer] : [] });
};
