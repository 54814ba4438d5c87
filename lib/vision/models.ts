/** Trained models, loaded into this thread's OpenCV on first use and kept. */
import { cv, type Net } from './opencv.ts';

export type ModelFile =
  | 'haarcascade_frontalface_default.xml'
  | 'face_detection_short_range.tflite'
  | 'face_detection_full_range.tflite';

let readModel: (file: ModelFile) => Uint8Array = (file) => {
  throw new Error(`No reader for model files is set; ${file} is needed.`);
};

/** Says where model files come from: the disk in Node, a fetch made beforehand in a browser. */
export function setModelReader(reader: typeof readModel): void {
  readModel = reader;
}

const loaded = new Map<ModelFile, unknown>();

/** OpenCV reads models from files only, so the file stands in the WASM file system while it is read. */
function load<T>(file: ModelFile, read: (path: string) => T): T {
  if (!loaded.has(file)) {
    cv.FS_createDataFile('/', file, readModel(file), true, false, false);
    try {
      loaded.set(file, read(file));
    } finally {
      cv.FS_unlink(`/${file}`);
    }
  }
  return loaded.get(file) as T;
}

export function loadNet(file: 'face_detection_short_range.tflite' | 'face_detection_full_range.tflite'): Net {
  return load(file, (path) => cv.readNetFromTFLite(path));
}

export function loadFaceCascade() {
  return load('haarcascade_frontalface_default.xml', (path) => {
    const cascade = new cv.CascadeClassifier();
    if (!cascade.load(path)) throw new Error(`${path} is not a cascade that OpenCV reads.`);
    return cascade;
  });
}
