/**
 * OpenCV, loaded once per thread. Operations import `cv` and may use it only inside `run`:
 * importing an operation for its declaration must not load 10 MB of WASM.
 */
import type * as OpenCv from '@techstark/opencv-js';
import { catchMemory, instantiate, type Kernels } from '../kernels/load.ts';

export type { DMatchVector, KeyPointVector, Mat, MatVector } from '@techstark/opencv-js';

/** An object on the WASM heap, which no garbage collector frees. */
export interface Deletable {
  delete(): void;
}

export interface KeyPoint {
  pt: { x: number; y: number };
  size: number;
  angle: number;
  response: number;
  octave: number;
  class_id: number;
}

/** What the build exports and the package's own types leave out or get wrong. */
interface Untyped {
  KMEANS_PP_CENTERS: number;
  AKAZE: new () => OpenCv.ORB & Deletable;
  BFMatcher: new (
    norm: number,
    crossCheck: boolean,
  ) => Deletable & {
    match(query: OpenCv.Mat, train: OpenCv.Mat, matches: OpenCv.DMatchVector): void;
    knnMatch(query: OpenCv.Mat, train: OpenCv.Mat, matches: OpenCv.DMatchVectorVector, k: number): void;
  };
  CascadeClassifier: new () => OpenCv.CascadeClassifier & {
    /** As `detectMultiScale`; `agreeing` gets the number of raw detections behind each object. */
    detectMultiScale2(
      image: OpenCv.Mat,
      objects: OpenCv.RectVector,
      agreeing: OpenCv.IntVector,
      scaleFactor: number,
      minNeighbors: number,
      flags: number,
      minSize: OpenCv.Size,
      maxSize: OpenCv.Size,
    ): void;
  };
  StringVector: new () => Deletable & { size(): number; get(index: number): string };
  QRCodeDetector: new () => Deletable & {
    detectAndDecodeMulti(image: OpenCv.Mat, texts: Deletable, corners: OpenCv.Mat): boolean;
  };
  barcode_BarcodeDetector: new () => Deletable & {
    detectAndDecodeWithType(image: OpenCv.Mat, texts: Deletable, types: Deletable, corners: OpenCv.Mat): boolean;
  };
  getPredefinedDictionary(name: number): Deletable;
  aruco_DetectorParameters: new () => Deletable;
  aruco_RefineParameters: new (
    minRepDistance: number,
    errorCorrectionRate: number,
    checkAllOrders: boolean,
  ) => Deletable;
  aruco_ArucoDetector: new (
    dictionary: Deletable,
    parameters: Deletable,
    refine: Deletable,
  ) => Deletable & { detectMarkers(image: OpenCv.Mat, corners: OpenCv.MatVector, ids: OpenCv.Mat): void };
  HOGDescriptor: {
    new (): Deletable & {
      setSVMDetector(weights: OpenCv.Mat): void;
      detectMultiScale(
        image: OpenCv.Mat,
        boxes: OpenCv.RectVector,
        scores: OpenCv.DoubleVector,
        hitThreshold: number,
        stride: OpenCv.Size,
        padding: OpenCv.Size,
        scaleStep: number,
        groupThreshold: number,
        meanShift: boolean,
      ): void;
    };
    getDefaultPeopleDetector(): OpenCv.FloatVector;
  };
  FS_unlink(path: string): void;
  exceptionFromPtr(pointer: number): { code: number; msg: string };
  HEAPU8: Uint8Array<ArrayBuffer>;
}
/** Dictionaries of markers. */
type Dictionaries = Record<`DICT_${string}`, number>;

type Cv = Omit<typeof OpenCv, keyof Untyped> & Untyped & Dictionaries;

export let cv: Cv;
/** Our own kernels on OpenCV's heap; undefined where there is no SIMD, or no way to the heap's memory. */
export let kernels: Kernels | undefined;
let loading: Promise<void> | undefined;

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
  const { loaded: runtime, memory } = await catchMemory(loadRuntime);
  if (memory?.buffer === runtime.cv.HEAPU8.buffer) kernels = await instantiate(bytes, memory);
  cv = runtime.cv;
}

/** In a box, as OpenCV's module has a method `then`. */
async function loadRuntime(): Promise<{ cv: Cv }> {
  const { opencv } = await import('./opencv-module.ts');
  const runtime = opencv.module as Cv & { onRuntimeInitialized: () => void };
  await new Promise<void>((resolve) => {
    runtime.onRuntimeInitialized = resolve;
  });
  return { cv: runtime };
}

/** Where a Mat's samples begin on the heap. They stay there when the heap grows, but its views do not. */
export function addressOf(mat: OpenCv.Mat): number {
  return mat.data.byteOffset;
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
