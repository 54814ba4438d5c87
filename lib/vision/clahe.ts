import { isFlat } from './accelerated/accelerator.ts';
import { addressOf, cv, kernels, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Contrast limited adaptive histogram equalization of an 8-bit gray image with `tiles` × `tiles` tiles, as OpenCV's `CLAHE`. */
export function equalizeLocally(gray: Mat, clipLimit: number, tiles: number, outer: Scope): Mat {
  if (kernels && gray.type() === cv.CV_8UC1 && isFlat({ cv }, gray)) return byKernel(gray, clipLimit, tiles, outer);
  const algorithm = outer.own(new cv.CLAHE(clipLimit, new cv.Size(tiles, tiles)));
  const equalized = outer.mat();
  algorithm.apply(gray, equalized);
  return equalized;
}

function byKernel(gray: Mat, clipLimit: number, tiles: number, outer: Scope): Mat {
  using scope = new Scope();
  const { cols, rows } = gray;
  const result = outer.mat(rows, cols, cv.CV_8UC1);
  const { width, height } = tileSize(cols, rows, tiles);
  const limit = Math.max(1, Math.trunc((clipLimit * width * height) / 256));
  const tables = scope.mat(tiles * tiles, 256, cv.CV_8UC1);
  const scratch = scope.mat(1, kernels?.claheScratch(cols, tiles, tiles) ?? 0, cv.CV_8UC1);
  kernels?.clahe(
    ...([addressOf(gray), addressOf(result), cols, rows, tiles, tiles, width, height, limit] as const),
    ...([addressOf(tables), addressOf(scratch)] as const),
  );
  return result;
}

/** Where the tiles do not fit, OpenCV adds rows and columns to both sides, as many as a whole tile has fewer than there are tiles, also where one of them would fit. */
function tileSize(cols: number, rows: number, tiles: number): { width: number; height: number } {
  const fits = cols % tiles === 0 && rows % tiles === 0;
  const whole = (length: number) => (fits ? length : length + tiles - (length % tiles)) / tiles;
  return { width: whole(cols), height: whole(rows) };
}
