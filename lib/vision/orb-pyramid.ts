/** The pyramid of ORB: each level is the one before, reduced by OpenCV's `resize` with INTER_LINEAR_EXACT. */
import type { Kernels } from '../kernels/load.ts';
import { roundToEven } from './accelerated/accelerator.ts';
import { addressOf, cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** OpenCV's default, a 32-bit float. */
export const scaleFactor = Math.fround(1.2);
/** Samples that the kernel loads at once. */
const loaded = 16;
/** Columns that it makes of them, and the bytes that tell it how. */
const groupColumns = 8;
const groupBytes = 64;

/** The level that follows, `width` × `height` and smaller by less than a third in both directions. */
export function nextLevel(kernels: Kernels, image: Mat, width: number, height: number, outer: Scope): Mat {
  using scope = new Scope();
  const columns = placesOf(image.cols, width);
  const rows = placesOf(image.rows, height);
  const groups = groupsOf(columns, image.cols);
  const tables = scope.mat(1, groups.byteLength + columns.byteLength + rows.byteLength, cv.CV_8UC1);
  const scratch = scope.mat(2, 2 * width + 32, cv.CV_8UC1);
  const target = outer.mat(height, width, cv.CV_8UC1);
  const at = addressOf(tables);
  const bytes = tables.data as Uint8Array;
  bytes.set(new Uint8Array(groups.buffer), 0);
  bytes.set(new Uint8Array(columns.buffer), groups.byteLength);
  bytes.set(new Uint8Array(rows.buffer), groups.byteLength + columns.byteLength);
  kernels.shrinkExact(
    addressOf(image),
    image.cols,
    image.rows,
    addressOf(target),
    width,
    height,
    at,
    at + groups.byteLength,
    at + groups.byteLength + columns.byteLength,
    addressOf(scratch),
  );
  return target;
}

/** Of each of `size` samples: the first of the two of `from` samples that it lies between, and the weight of the second, of 256. */
function placesOf(from: number, size: number): Int32Array {
  const places = new Int32Array(2 * size);
  const scale = 1 / (size / from);
  for (let i = 0; i < size; i++) {
    const at = scale * (i + 0.5) - 0.5;
    const first = Math.floor(at);
    const isInside = first >= 0 && first < from - 1;
    places[2 * i] = Math.min(from - 1, Math.max(0, first));
    places[2 * i + 1] = isInside ? roundToEven((at - first) * 256) : 0;
  }
  return places;
}

/** The same for the kernel, eight columns in one. */
function groupsOf(places: Int32Array, from: number): ArrayBufferView & { buffer: ArrayBuffer } {
  const groups = new DataView(new ArrayBuffer(Math.ceil(places.length / 2 / groupColumns) * groupBytes));
  for (let group = 0; (group + 1) * groupColumns <= places.length / 2; group++) {
    const own = places.subarray(2 * group * groupColumns, 2 * (group + 1) * groupColumns);
    const [start, last] = [own[0], own[2 * (groupColumns - 1)] + 1];
    const at = group * groupBytes;
    const isWhole = start + loaded <= from && last - start < loaded;
    groups.setInt32(at, isWhole ? start : -1, true);
    for (let k = 0; isWhole && k < groupColumns; k++) {
      const [first, weight] = [own[2 * k] - start, own[2 * k + 1]];
      groups.setUint8(at + 16 + 2 * k, first);
      groups.setUint8(at + 17 + 2 * k, first + 1);
      groups.setInt16(at + 32 + 4 * k, 256 - weight, true);
      groups.setInt16(at + 34 + 4 * k, weight, true);
    }
  }
  return groups;
}
