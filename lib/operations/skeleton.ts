import { z } from 'zod';
import { count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelOf, channelParam } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';

/** Thinning to lines of one pixel (Zhang & Suen 1984) of what Otsu's threshold leaves. Use it for vessels, roots, roads and writing. */
export const skeleton = defineOperation({
  name: 'skeleton',
  title: 'Skeleton',
  group: 'morphology',
  summary: 'Thins bright shapes to lines one pixel wide, and counts their ends and branchings.',
  source: 'T. Zhang & C. Suen, A Fast Parallel Algorithm for Thinning Digital Patterns, 1984',
  maxDepth: 16,
  result: 'data',
  params: z.strictObject({
    invert: z.boolean().default(false).describe('thin the dark shapes instead'),
    ...channelParam,
  }),
  measures: z.looseObject({
    skeletonPixels: count('pixels of the skeleton'),
    endPoints: count('ends'),
    branchPoints: count('branchings'),
  }),
  run({ image, scope }, { invert, channel }) {
    const binary = scope.mat();
    const type = (invert ? cv.THRESH_BINARY_INV : cv.THRESH_BINARY) + cv.THRESH_OTSU;
    cv.threshold(channelOf(image, channel, scope), binary, 0, 255, type);
    binary.convertTo(binary, cv.CV_8U);
    const { rows, cols } = binary;
    const grid = framed(binary.data as Uint8Array, rows, cols);
    thin(grid, cols + 2);
    const pixels = binary.data as Uint8Array;
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < cols; x++) pixels[y * cols + x] = grid[(y + 1) * (cols + 2) + x + 1] * 255;
    return { image: binary, measurements: countPoints(grid, cols + 2) };
  },
});

/** 0 and 1, with a frame of zeros. */
function framed(pixels: Uint8Array, rows: number, cols: number): Uint8Array {
  const grid = new Uint8Array((rows + 2) * (cols + 2));
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < cols; x++) grid[(y + 1) * (cols + 2) + x + 1] = pixels[y * cols + x] ? 1 : 0;
  return grid;
}

/**
 * Takes border pixels away, in turns from south-east and north-west, until nothing changes. A pixel is looked at again by a pass only where
 * something around it has changed since that pass has looked at it last.
 */
function thin(grid: Uint8Array, stride: number): void {
  const around = neighbors(stride);
  const borders: number[] = [];
  for (let i = 0; i < grid.length; i++) if (grid[i] && around.some((offset) => grid[i + offset] === 0)) borders.push(i);
  const waiting: [number[], number[]] = [borders, borders.slice()];
  const isWaiting = [0, 1].map(() => new Uint8Array(grid.length));
  while (waiting[0].length + waiting[1].length > 0) {
    for (const pass of [0, 1] as const) {
      const gone = waiting[pass].filter((i) => grid[i] && isRemovable(grid, i, around, pass));
      for (const i of waiting[pass]) isWaiting[pass][i] = 0;
      waiting[pass] = [];
      for (const i of gone) grid[i] = 0;
      for (const other of [0, 1] as const) {
        for (const i of gone) {
          for (const offset of around) {
            const near = i + offset;
            if (grid[near] === 0 || isWaiting[other][near]) continue;
            isWaiting[other][near] = 1;
            waiting[other].push(near);
          }
        }
      }
    }
  }
}

/** Offsets of P2…P9: north, then clockwise. */
function neighbors(stride: number): number[] {
  return [-stride, -stride + 1, 1, stride + 1, stride, stride - 1, -1, -stride - 1];
}

function isRemovable(grid: Uint8Array, i: number, around: number[], pass: number): boolean {
  let set = 0;
  let rises = 0;
  for (let k = 0; k < 8; k++) {
    const here = grid[i + around[k]];
    set += here;
    if (!here && grid[i + around[(k + 1) & 7]]) rises++;
  }
  if (set < 2 || set > 6 || rises !== 1) return false;
  const [north, east, south, west] = [
    grid[i + around[0]],
    grid[i + around[2]],
    grid[i + around[4]],
    grid[i + around[6]],
  ];
  return pass === 0
    ? north * east * south === 0 && east * south * west === 0
    : north * east * west === 0 && north * south * west === 0;
}

/** Ends have one neighbor; at branchings, three or more separate lines leave. */
function countPoints(grid: Uint8Array, stride: number) {
  const around = neighbors(stride);
  let [skeletonPixels, endPoints, branchPoints] = [0, 0, 0];
  for (let i = 0; i < grid.length; i++) {
    if (!grid[i]) continue;
    skeletonPixels++;
    const ring = around.map((offset) => grid[i + offset]);
    const lines = ring.filter((value, k) => !value && ring[(k + 1) & 7]).length;
    if (ring.reduce((sum, value) => sum + value, 0) === 1) endPoints++;
    if (lines >= 3) branchPoints++;
  }
  return { skeletonPixels, endPoints, branchPoints };
}
