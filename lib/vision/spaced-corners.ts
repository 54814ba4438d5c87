/** Corners of a gray image, strongest first, that are some way apart. */
import type { Kernels } from '../kernels/load.ts';
import type { Point } from './homography.ts';
import { addressOf, cv, type Mat } from './opencv.ts';
import { Scope } from './scope.ts';

/** Gray values by which an arc of pixels around a corner differs from it (FAST). */
const threshold = 12;
/** Nearer to the border none are looked for, in pixels: the least that the kernel takes. */
const edge = 12;
/** Numbers of an entry of the kernel's list: x and y of 16 bits, and a float. */
const entryNumbers = 2;

/**
 * At most `count` corners (CV_8UC1), each at least `spacing` pixels from the stronger ones, whose response (Harris) is no less than `quality` of the
 * strongest's.
 */
export function spacedCorners(kernels: Kernels, image: Mat, count: number, quality: number, spacing: number): Point[] {
  const { rows, cols } = image;
  if (Math.min(rows, cols) <= 2 * edge || Math.max(rows, cols) > 65_535 || cols < 2 * edge + 16) return [];
  using scope = new Scope();
  const most = Math.ceil((cols - 2 * edge) / 2) * Math.ceil((rows - 2 * edge) / 2);
  const list = scope.mat(1, entryNumbers * most, cv.CV_32FC1);
  const scratch = scope.mat(1, kernels.fastScratch(cols), cv.CV_8UC1);
  const at = addressOf(image);
  const found = kernels.fastCorners(at, cols, rows, threshold, edge, addressOf(list), addressOf(scratch));
  kernels.harrisResponses(at, cols, addressOf(list), found);
  const numbers = list.data32F as Float32Array;
  const responses = Float32Array.from({ length: found }, (_, i) => numbers[entryNumbers * i + 1]);
  const places = list.data16U as Uint16Array;
  const least = quality * responses.reduce((a, b) => Math.max(a, b), 0);
  const order = Array.from(responses.keys()).filter((i) => responses[i] > least);
  order.sort((a, b) => responses[b] - responses[a]);
  const all = order.map((i) => ({ x: places[4 * i], y: places[4 * i + 1] }));
  return apart(all, count, spacing);
}

/** The first `count` of the points that are `spacing` from those before; looked up in cells of that side. */
function apart(points: readonly Point[], count: number, spacing: number): Point[] {
  const cells = new Map<string, Point[]>();
  const kept: Point[] = [];
  for (const point of points) {
    const [column, row] = [Math.floor(point.x / spacing), Math.floor(point.y / spacing)];
    const near = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].flatMap((dx) => cells.get(`${column + dx} ${row + dy}`) ?? []));
    if (near.some(({ x, y }) => Math.hypot(x - point.x, y - point.y) < spacing)) continue;
    kept.push(point);
    if (kept.length === count) break;
    const cell = `${column} ${row}`;
    cells.set(cell, [...(cells.get(cell) ?? []), point]);
  }
  return kept;
}
