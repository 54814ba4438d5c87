/**
 * Non-local means (A. Buades, B. Coll & J.-M. Morel, "Non-Local Means Denoising", IPOL 2011, pixelwise): each pixel becomes the mean of the
 * pixels around it, weighted by how alike the patches around both are. Distances are sums over all channels.
 *
 * The weight exp(-t) is taken as (1 - t/8)^8, zero from t = 8 on; weights have 15 bits, sums 32.
 */

/** Tiles keep sums and distances in the cache; a row of distances is one of 16 wider for the patches that reach over. */
const tileWidth: i32 = 112;
const tileHeight: i32 = 16;
const rowLength: i32 = tileWidth + 16;

/**
 * Planes lie `plane` bytes apart, rows `stride`; around `src` there are `search + patch` pixels more on all sides, and 128 more to the right. Rows of
 * `dst` are `targetStride` long, a multiple of 16. A distance is the sum of squares, each shifted right by `shift`; from `base` on it lowers the weight, which
 * is zero from `base + range` on; `factor` is 2^29 / (range << scale). `scratch` takes 64 KB.
 *
 * With `fine`, samples have 16 bits: behind the planes of the upper 8, which are compared, lie as many of the lower 8. `dst` then has 16 bits a sample, and
 * `targetPlane` and `targetStride` are in samples.
 */
export function nonLocalMeans(
  src: usize,
  plane: usize,
  stride: i32,
  dst: usize,
  targetPlane: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  channels: i32,
  search: i32,
  patch: i32,
  shift: i32,
  base: i32,
  range: i32,
  scale: i32,
  factor: i32,
  fine: i32,
  scratch: usize,
): void {
  const cells = tileWidth * tileHeight;
  const planes = fine ? 2 * channels : channels;
  const sums = scratch;
  const weights = sums + 4 * planes * cells;
  const greatest = weights + 4 * cells;
  const squares = greatest + 2 * cells;
  const columns = squares + 2 * rowLength * (tileHeight + 2 * patch);
  const end = columns + 2 * rowLength;
  const baseLanes = i16x8.splat(<i16>base);
  const rangeLanes = i16x8.splat(<i16>range);
  const factorLanes = i16x8.splat(<i16>factor);

  for (let top = 0; top < height; top += tileHeight) {
    const rows = min(tileHeight, height - top);
    for (let left = 0; left < width; left += tileWidth) {
      const cols = min(tileWidth, (width - left + 15) & ~15);
      memory.fill(scratch, 0, end - scratch);
      const here = src + top * stride + left;
      for (let dy = -search; dy <= search; dy++) {
        for (let dx = -search; dx <= search; dx++) {
          if (dx === 0 && dy === 0) continue;
          const there = here + dy * stride + dx;
          squareDifferences(
            here - patch * stride - patch,
            there - patch * stride - patch,
            plane,
            stride,
            channels,
            cols + 16,
            rows + 2 * patch,
            shift,
            squares,
          );
          for (let y = 0; y < rows; y++) {
            addColumns(squares + 2 * rowLength * y, cols + 16, patch, columns);
            for (let x = 0; x < cols; x += 8) {
              let distance = v128.load(columns + 2 * x);
              for (let i = 1; i <= 2 * patch; i++)
                distance = i16x8.add_sat_u(distance, v128.load(columns + 2 * (x + i)));
              const excess = i16x8.min_u(i16x8.sub_sat_u(distance, baseLanes), rangeLanes);
              const half = i16x8.q15mulr_sat_s(i16x8.shl(excess, scale), factorLanes);
              let weight = i16x8.sub_sat_s(i16x8.sub_sat_s(i16x8.splat(32767), half), half);
              weight = i16x8.max_s(weight, i16x8.splat(0));
              weight = i16x8.q15mulr_sat_s(weight, weight);
              weight = i16x8.q15mulr_sat_s(weight, weight);
              weight = i16x8.q15mulr_sat_s(weight, weight);
              if (!v128.any_true(weight)) continue;
              const cell = y * tileWidth + x;
              const most = greatest + 2 * cell;
              v128.store(most, i16x8.max_s(v128.load(most), weight));
              add(weights + 4 * cell, i32x4.extend_low_i16x8_u(weight), i32x4.extend_high_i16x8_u(weight));
              for (let c = 0; c < planes; c++) {
                const samples = v128.load8x8_u(there + c * plane + y * stride + x);
                add(
                  sums + 4 * (c * cells + cell),
                  i32x4.extmul_low_i16x8_u(weight, samples),
                  i32x4.extmul_high_i16x8_u(weight, samples),
                );
              }
            }
          }
        }
      }
      for (let y = 0; y < rows; y++) {
        for (let x = 0; x < cols; x += 8) {
          const cell = y * tileWidth + x;
          // The pixel itself weighs as much as the one most like it.
          const own = i16x8.max_s(v128.load(greatest + 2 * cell), i16x8.splat(1));
          const low = i32x4.add(v128.load(weights + 4 * cell), i32x4.extend_low_i16x8_u(own));
          const high = i32x4.add(v128.load(weights + 4 * cell + 16), i32x4.extend_high_i16x8_u(own));
          for (let c = 0; c < planes; c++) {
            const samples = v128.load8x8_u(here + c * plane + y * stride + x);
            const sum = sums + 4 * (c * cells + cell);
            add(sum, i32x4.extmul_low_i16x8_u(own, samples), i32x4.extmul_high_i16x8_u(own, samples));
          }
          for (let c = 0; c < channels; c++) {
            const sum = sums + 4 * (c * cells + cell);
            const at = c * targetPlane + (top + y) * targetStride + left + x;
            let first = f32x4.convert_i32x4_u(v128.load(sum));
            let second = f32x4.convert_i32x4_u(v128.load(sum + 16));
            if (fine) {
              const rest = sum + 4 * channels * cells;
              first = f32x4.add(f32x4.mul(first, f32x4.splat(256)), f32x4.convert_i32x4_u(v128.load(rest)));
              second = f32x4.add(f32x4.mul(second, f32x4.splat(256)), f32x4.convert_i32x4_u(v128.load(rest + 16)));
              v128.store(dst + 2 * at, i16x8.narrow_i32x4_u(quotient(first, low), quotient(second, high)));
            } else {
              const means = i16x8.narrow_i32x4_s(quotient(first, low), quotient(second, high));
              v128.store64_lane(dst + at, i8x16.narrow_i16x8_u(means, means), 0);
            }
          }
        }
      }
    }
  }
}

/** Of `cols` × `rows` pixels, 16 bits each, summed over the channels. */
function squareDifferences(
  a: usize,
  b: usize,
  plane: usize,
  stride: i32,
  channels: i32,
  cols: i32,
  rows: i32,
  shift: i32,
  out: usize,
): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < cols; x += 16) {
      let low = i16x8.splat(0);
      let high = i16x8.splat(0);
      for (let c = 0; c < channels; c++) {
        const at = c * plane + y * stride + x;
        const p = v128.load(a + at);
        const q = v128.load(b + at);
        const difference = v128.sub<u8>(i8x16.max_u(p, q), i8x16.min_u(p, q));
        low = i16x8.add_sat_u(low, i16x8.shr_u(i16x8.extmul_low_i8x16_u(difference, difference), shift));
        high = i16x8.add_sat_u(high, i16x8.shr_u(i16x8.extmul_high_i8x16_u(difference, difference), shift));
      }
      const target = out + 2 * (y * rowLength + x);
      v128.store(target, low);
      v128.store(target + 16, high);
    }
  }
}

/** Sums over the rows of a patch. */
function addColumns(squares: usize, cols: i32, patch: i32, out: usize): void {
  for (let x = 0; x < cols; x += 8) {
    let sum = v128.load(squares + 2 * x);
    for (let i = 1; i <= 2 * patch; i++) sum = i16x8.add_sat_u(sum, v128.load(squares + 2 * (i * rowLength + x)));
    v128.store(out + 2 * x, sum);
  }
}

function add(target: usize, low: v128, high: v128): void {
  v128.store(target, i32x4.add(v128.load(target), low));
  v128.store(target + 16, i32x4.add(v128.load(target + 16), high));
}

/** Of sums in floating point and weights in whole numbers. */
function quotient(sum: v128, weight: v128): v128 {
  const mean = f32x4.div(sum, f32x4.convert_i32x4_u(weight));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(mean, f32x4.splat(0.5)));
}
