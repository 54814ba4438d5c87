/**
 * OpenCV, loaded once per thread. Operations import `cv` and may use it only inside `run`:
 * importing an operation for its declaration must not load 10 MB of WASM.
 */
import { catchMemory, instantiate, type Kernels } from '../kernels/load.ts';
import { type Accelerated, accelerate } from './accelerated/accelerate.ts';
import type { Cv } from './opencv-types.ts';

export type { Deletable, DMatchVector, KeyPoint, KeyPointVector, Mat, MatVector } from './opencv-types.ts';
export { addressOf } from './opencv-types.ts';

export let cv: Cv;
/** OpenCV's own functions where `cv` has faster ones in their place, for tests and benchmarks. */
export let plainCv: Pick<Cv, Accelerated>;
/** Our own kernels on OpenCV's heap; undefined where there is no SIMD, or no way to the heap's memory. */
export let kernels: Kernels | undefined;
let loading: Promise<void> | undefined;
/** Once in a thread: a module that has failed stays so. */
let runtimeLoading: Promise<{ cv: Cv }> | undefined;

let readKernels: () => Promise<Uint8Array<ArrayBuffer>> = async () => {
  throw new Error('No reader of the kernels is set.');
};

/** Says where the module of the kernels comes from: a file in Node, the page's server in a browser. */
export function setKernelReader(reader: typeof readKernels): void {
  readKernels = reader;
}

/** Loads OpenCV and the kernels into this thread (about 0.4 s); later calls wait for the same load. */
export function loadOpenCv(): Promise<void> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  // First, as this may fail and be tried again: OpenCV says only once that it is ready.
  const bytes = await readKernels();
  const { loaded: runtime, memory } = await catchMemory(() => (runtimeLoading ??= loadRuntime()));
  if (memory?.buffer === runtime.cv.HEAPU8.buffer) kernels = await instantiate(bytes, memory);
  cv = runtime.cv;
  plainCv = kernels ? accelerate(cv, kernels) : cv;
}

/** In a box, as OpenCV's module has a method `then`. Throws where its WebAssembly cannot be read, which may be a file of its own. */
async function loadRuntime(): Promise<{ cv: Cv }> {
  const { opencv } = await import('./opencv-module.ts');
  const runtime = opencv.module as Cv & { onRuntimeInitialized: () => void; onAbort: (reason: unknown) => void };
  await new Promise<void>((resolve, reject) => {
    runtime.onRuntimeInitialized = resolve;
    runtime.onAbort = (reason) => reject(new Error(`OpenCV cannot be loaded: ${reason}`));
  });
  return { cv: runtime };
}

/** The memory that this build can address. */
export const maxHeapBytes = 2 ** 30;

/** OpenCV's error codes (`cv::Error::Code`) that are told apart here. */
const insufficientMemory = -4;

/** What OpenCV throws is a number, the address of a C++ exception; this is that exception as an Error. */
export class OpenCvError extends Error {
  readonly outOfMemory: boolean;

  constructor(pointer: number) {
    const { code, msg } = cv.exceptionFromPtr(pointer);
    // "OpenCV(4.12.0) /path/file.cpp:92: error: (-15:Bad number of channels) in function 'f'" without the build's paths.
    super(
      msg
        .replace(/^OpenCV\([^)]*\) \S+ error: /, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    this.name = 'OpenCvError';
    this.outOfMemory = code === insufficientMemory;
  }
}

/**
 * What was thrown as an Error: of OpenCV's own exceptions only a number reaches JavaScript. Where code trapped, the scopes that
 * it was in cannot be disposed of either; the first error is the one that counts.
 */
export function errorOf(thrown: unknown): unknown {
  if (thrown instanceof SuppressedError) return errorOf(thrown.suppressed);
  return typeof thrown === 'number' ? new OpenCvError(thrown) : thrown;
}

/** Whether memory was the reason. Where an allocation is not checked, the code traps right after it, on a heap that is full. */
export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof OpenCvError) return error.outOfMemory;
  return error instanceof Error && error.name === 'RuntimeError' && cv.HEAPU8.length >= maxHeapBytes;
}
