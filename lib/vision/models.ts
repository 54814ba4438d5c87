/** Trained models and fonts: files that ship with Tessera, read when they are first needed. */
import { cv } from './opencv.ts';

/** Networks, which run on LiteRT. */
const networks = [
  'face_detection_short_range.tflite',
  'face_detection_full_range_sparse.tflite',
  'selfie_segmentation.tflite',
] as const;
export type NetworkFile = (typeof networks)[number];

/** Fonts, whose glyphs are drawn as outlines. */
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'] as const;
export type FontFile = (typeof fonts)[number];

export const modelFiles = ['haarcascade_frontalface_default.xml', ...networks, ...fonts] as const;
export type ModelFile = (typeof modelFiles)[number];

let read: (file: ModelFile) => Uint8Array = (file) => {
  throw new Error(`No reader for model files is set; ${file} is needed.`);
};

/** Says where model files come from: the disk in Node, a fetch made beforehand in a browser. */
export function setModelReader(reader: typeof read): void {
  read = reader;
}

export function readModel(file: ModelFile): Uint8Array {
  return read(file);
}

export function isNetwork(file: ModelFile): file is NetworkFile {
  return file.endsWith('.tflite');
}

export function isFont(file: ModelFile): file is FontFile {
  return file.endsWith('.ttf');
}

let cascade: InstanceType<typeof cv.CascadeClassifier> | undefined;

/** OpenCV reads cascades from files only, so the file stands in the WASM file system while it is read. */
export function loadFaceCascade() {
  if (cascade) return cascade;
  const file: ModelFile = 'haarcascade_frontalface_default.xml';
  cv.FS_createDataFile('/', file, readModel(file), true, false, false);
  try {
    const loaded = new cv.CascadeClassifier();
    if (!loaded.load(file)) throw new Error(`${file} is not a cascade that OpenCV reads.`);
    cascade = loaded;
  } finally {
    cv.FS_unlink(`/${file}`);
  }
  return cascade;
}
