/** What the build of OpenCV exports, and the package's own types leave out or get wrong. */
import type * as OpenCv from '@techstark/opencv-js';

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
  USAC_DEFAULT: number;
  FS_unlink(path: string): void;
  exceptionFromPtr(pointer: number): { code: number; msg: string };
  HEAPU8: Uint8Array<ArrayBuffer>;
}
/** Dictionaries of markers. */
type Dictionaries = Record<`DICT_${string}`, number>;

export type Cv = Omit<typeof OpenCv, keyof Untyped> & Untyped & Dictionaries;

/** Where a Mat's samples begin on the heap. They stay there when the heap grows, but its views do not. */
export function addressOf(mat: OpenCv.Mat): number {
  return mat.data.byteOffset;
}
