/**
 * Contrast limited adaptive histogram equalization (K. Zuiderveld, 1994) of 8-bit gray images, as OpenCV's `CLAHE`: a table for each tile, and for each
 * pixel what the tables of the four tiles around it say, interpolated in single precision.
 */
import { narrow, rounded } from './float';

/** Bytes of `scratch`. */
export function claheScratch(width: i32, tilesX: i32, tilesY: i32): i32 {
  return tableBytes(tilesX, tilesY) + 4096 + 8 * width + 16;
}

/** Four floats for each value, between each two tiles, and before the first and after the last. */
function tableBytes(tilesX: i32, tilesY: i32): i32 {
  return 4096 * (tilesX + 1) * (tilesY + 1);
}

/**
 * Tiles of `tileWidth` × `tileHeight` pixels; what of them lies beyond the image is reflected without the outermost sample. No value of a tile counts
 * for more than `limit` pixels; what is more is shared among all. `tables` takes 256 bytes for each tile.
 */
export function clahe(
  src: usize,
  dst: usize,
  width: i32,
  height: i32,
  tilesX: i32,
  tilesY: i32,
  tileWidth: i32,
  tileHeight: i32,
  limit: i32,
  tables: usize,
  scratch: usize,
): void {
  const fours = scratch;
  const counts = scratch + tableBytes(tilesX, tilesY);
  const shares = counts + 4096;
  const scale: f32 = <f32>255 / <f32>(tileWidth * tileHeight);
  for (let j = 0; j < tilesY; j++)
    for (let i = 0; i < tilesX; i++) {
      count(src, width, height, i * tileWidth, j * tileHeight, tileWidth, tileHeight, counts);
      if (limit > 0) limitCounts(counts, limit);
      fillTable(counts, scale, tables + 256 * (j * tilesX + i));
    }
  for (let j = 0; j <= tilesY; j++)
    for (let i = 0; i <= tilesX; i++) joinTables(tables, tilesX, tilesY, i, j, fours + 4096 * (j * (tilesX + 1) + i));
  const perPixelX: f32 = <f32>1 / <f32>tileWidth;
  const perPixelY: f32 = <f32>1 / <f32>tileHeight;
  for (let x = 0; x < width; x++) {
    const place = <f32>x * perPixelX - <f32>0.5;
    const share = place - floor<f32>(place);
    store<f32>(shares + 8 * x, <f32>1 - share);
    store<f32>(shares + 8 * x, share, 4);
  }
  for (let y = 0; y < height; y++) {
    const place = <f32>y * perPixelY - <f32>0.5;
    const above = floor<f32>(place);
    const share = place - above;
    const row = fours + 4096 * (<i32>above + 1) * (tilesX + 1);
    interpolate(src + y * width, dst + y * width, width, row, shares, perPixelX, <f32>1 - share, share);
  }
}

function count(
  src: usize,
  width: i32,
  height: i32,
  left: i32,
  top: i32,
  tileWidth: i32,
  tileHeight: i32,
  counts: usize,
): void {
  memory.fill(counts, 0, 4096);
  const inside = min(tileWidth, max(0, width - left));
  for (let y = top; y < top + tileHeight; y++) {
    const row = src + (y < height ? y : reflect(y, height)) * width;
    let x = 0;
    for (; x + 4 <= inside; x += 4) {
      const at = row + left + x;
      bump(counts, load<u8>(at));
      bump(counts + 1024, load<u8>(at, 1));
      bump(counts + 2048, load<u8>(at, 2));
      bump(counts + 3072, load<u8>(at, 3));
    }
    for (; x < tileWidth; x++) bump(counts, load<u8>(row + (left + x < width ? left + x : reflect(left + x, width))));
  }
  for (let value = 0; value < 1024; value += 16) {
    const at = counts + value;
    const low = i32x4.add(v128.load(at), v128.load(at, 1024));
    v128.store(at, i32x4.add(low, i32x4.add(v128.load(at, 2048), v128.load(at, 3072))));
  }
}

function bump(table: usize, value: usize): void {
  const at = table + (value << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function reflect(i: i32, count: i32): i32 {
  if (count === 1) return 0;
  while (i < 0 || i >= count) i = i < 0 ? -i : 2 * count - 2 - i;
  return i;
}

function limitCounts(counts: usize, limit: i32): void {
  let cut = 0;
  for (let at = counts; at < counts + 1024; at += 4) {
    const excess = load<i32>(at) - limit;
    if (excess <= 0) continue;
    cut += excess;
    store<i32>(at, limit);
  }
  const each = cut / 256;
  let rest = cut - 256 * each;
  for (let at = counts; at < counts + 1024; at += 4) store<i32>(at, load<i32>(at) + each);
  if (rest === 0) return;
  const step = max(256 / rest, 1);
  for (let value = 0; value < 256 && rest > 0; value += step, rest--)
    store<i32>(counts + 4 * value, load<i32>(counts + 4 * value) + 1);
}

function fillTable(counts: usize, scale: f32, table: usize): void {
  let sum: i32 = 0;
  for (let value = 0; value < 256; value++) {
    sum += load<i32>(counts + 4 * value);
    store<u8>(table + value, <u8>min(255, <i32>nearest<f32>(<f32>sum * scale)));
  }
}

/** For each value what the tiles above left, above right, below left and below right make of it; `i`, `j` is the tile below right. */
function joinTables(tables: usize, tilesX: i32, tilesY: i32, i: i32, j: i32, out: usize): void {
  const left = max(0, i - 1);
  const right = min(tilesX - 1, i);
  const above = max(0, j - 1) * tilesX;
  const below = min(tilesY - 1, j) * tilesX;
  for (let value = 0; value < 256; value++) {
    const at = out + 16 * value;
    store<f32>(at, <f32>load<u8>(tables + 256 * (above + left) + value));
    store<f32>(at, <f32>load<u8>(tables + 256 * (above + right) + value), 4);
    store<f32>(at, <f32>load<u8>(tables + 256 * (below + left) + value), 8);
    store<f32>(at, <f32>load<u8>(tables + 256 * (below + right) + value), 12);
  }
}

function interpolate(
  src: usize,
  dst: usize,
  width: i32,
  row: usize,
  shares: usize,
  perPixel: f32,
  upper: f32,
  lower: f32,
): void {
  const weights = f32x4(upper, lower, upper, lower);
  let x = 0;
  while (x < width) {
    const segment = <i32>floor<f32>(<f32>x * perPixel - <f32>0.5);
    const fours = row + 4096 * (segment + 1);
    let end = x + 1;
    while (end < width && <i32>floor<f32>(<f32>end * perPixel - <f32>0.5) === segment) end++;
    for (; x + 4 <= end; x += 4) {
      const first = pair(src + x, shares + 8 * x, fours, weights);
      const second = pair(src + x + 2, shares + 8 * (x + 2), fours, weights);
      const upperParts = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
      const lowerParts = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
      const values = rounded(f32x4.add(upperParts, lowerParts));
      v128.store32_lane(dst + x, narrow(values, values, values, values), 0);
    }
    for (; x < end; x++) {
      const one = across(load<u8>(src + x), shares + 8 * x, fours);
      const sums = f32x4.mul(
        f32x4.add(v128.shuffle<i32>(one, one, 0, 2, 0, 2), v128.shuffle<i32>(one, one, 1, 3, 1, 3)),
        weights,
      );
      const values = rounded(f32x4.add(sums, v128.shuffle<i32>(sums, sums, 1, 0, 3, 2)));
      store<u8>(dst + x, i8x16.extract_lane_u(narrow(values, values, values, values), 0));
    }
  }
}

/** What stands above and below, times its share, for two pixels. */
function pair(src: usize, shares: usize, fours: usize, weights: v128): v128 {
  const first = across(load<u8>(src), shares, fours);
  const second = across(load<u8>(src, 1), shares + 8, fours);
  const left = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
  const right = v128.shuffle<i32>(first, second, 1, 3, 5, 7);
  return f32x4.mul(f32x4.add(left, right), weights);
}

function across(value: usize, shares: usize, fours: usize): v128 {
  return f32x4.mul(v128.load(fours + (value << 4)), v128.load64_splat(shares));
}
