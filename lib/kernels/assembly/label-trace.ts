/** What is told of labeled objects by one walk over the label image (32-bit numbers; above 0 objects). */

/** Runs of one label in a row: their number. */
export function countLabelRuns(labels: usize, rows: i32, cols: i32): i32 {
  let count = 0;
  for (let y = 0; y < rows; y++) {
    const row = labels + 4 * y * cols;
    count += i32(load<i32>(row) > 0);
    let x = 1;
    for (; x + 4 <= cols; x += 4) {
      const here = v128.load(row + 4 * x);
      const begins = v128.and(i32x4.gt_s(here, i32x4.splat(0)), i32x4.ne(here, v128.load(row + 4 * x - 4)));
      count += popcnt(i32x4.bitmask(begins));
    }
    for (; x < cols; x++) {
      const here = load<i32>(row + 4 * x);
      count += i32(here > 0 && here !== load<i32>(row + 4 * x - 4));
    }
  }
  return count;
}

/** Writes them, three 32-bit numbers each: the label, where the run begins in the image, and its length. */
export function labelRuns(labels: usize, rows: i32, cols: i32, runs: usize): void {
  let run = runs;
  for (let y = 0; y < rows; y++) {
    const row = labels + 4 * y * cols;
    let x = 0;
    while (x < cols) {
      const label = load<i32>(row + 4 * x);
      const start = x;
      const same = i32x4.splat(label);
      x++;
      while (x + 4 <= cols && i32x4.all_true(i32x4.eq(v128.load(row + 4 * x), same))) x += 4;
      while (x < cols && load<i32>(row + 4 * x) === label) x++;
      if (label <= 0) continue;
      store<i32>(run, label);
      store<i32>(run, y * cols + start, 4);
      store<i32>(run, x - start, 8);
      run += 12;
    }
  }
}

/**
 * Adds up, for the labels 1…`count`, what the 2 × 2 windows of the image and a border around it are worth: 64-bit floats in `perimeters`, 32-bit numbers in `eulers`. The
 * tables have 16 entries each, for which of the window's pixels are the object's: 1 this, 2 above, 4 left, 8 both.
 */
export function labelWindows(
  labels: usize,
  rows: i32,
  cols: i32,
  count: i32,
  crofton: usize,
  euler: usize,
  perimeters: usize,
  eulers: usize,
): void {
  for (let y = 0; y <= rows; y++) {
    const row = labels + 4 * y * cols;
    const isInner = y > 0 && y < rows;
    let x = 0;
    while (x <= cols) {
      // Inside an object or the background, as most windows are, nothing is added.
      if (isInner && x > 0) while (x + 4 <= cols && isEven(row + 4 * x, row + 4 * (x - cols))) x += 4;
      const here = x < cols && y < rows ? load<i32>(row + 4 * x) : 0;
      const left = x > 0 && y < rows ? load<i32>(row + 4 * x - 4) : 0;
      const up = x < cols && y > 0 ? load<i32>(row + 4 * (x - cols)) : 0;
      const upLeft = x > 0 && y > 0 ? load<i32>(row + 4 * (x - cols) - 4) : 0;
      x++;
      if (here === left && here === up && here === upLeft) continue;
      for (let k = 0; k < 4; k++) {
        let label = upLeft;
        if (k === 0) label = here;
        else if (k === 1) label = left === here ? 0 : left;
        else if (k === 2) label = up === here || up === left ? 0 : up;
        else if (upLeft === here || upLeft === left || upLeft === up) label = 0;
        if (label <= 0 || label > count) continue;
        const code =
          i32(here === label) | (i32(up === label) << 1) | (i32(left === label) << 2) | (i32(upLeft === label) << 3);
        const perimeter = perimeters + 8 * label;
        store<f64>(perimeter, load<f64>(perimeter) + load<f64>(crofton + 8 * code));
        const number = eulers + 4 * label;
        store<i32>(number, load<i32>(number) + load<i32>(euler + 4 * code));
      }
    }
  }
}

/** Whether four windows hold one label each. */
function isEven(here: usize, up: usize): bool {
  const label = v128.load(here);
  const differs = v128.or(
    v128.xor(label, v128.load(here - 4)),
    v128.or(v128.xor(label, v128.load(up)), v128.xor(label, v128.load(up - 4))),
  );
  return !v128.any_true(differs);
}

/** White (255) where an object's pixel lies beside another object or the background, and on lines (labels below 0) inside the image's frame. */
export function labelBoundaries(labels: usize, rows: i32, cols: i32, mask: usize): void {
  for (let y = 0; y < rows; y++) {
    const row = labels + 4 * y * cols;
    const up = y > 0 ? row - 4 * cols : row;
    const down = y < rows - 1 ? row + 4 * cols : row;
    const target = mask + y * cols;
    const isFrame = y === 0 || y === rows - 1;
    store<u8>(target, boundary(row, up, down, 0, cols, true));
    let x = 1;
    for (; x + 16 < cols; x += 16) {
      const low = i16x8.narrow_i32x4_s(
        boundaries(row, up, down, x, isFrame),
        boundaries(row, up, down, x + 4, isFrame),
      );
      const high = i16x8.narrow_i32x4_s(
        boundaries(row, up, down, x + 8, isFrame),
        boundaries(row, up, down, x + 12, isFrame),
      );
      v128.store(target + x, i8x16.narrow_i16x8_s(low, high));
    }
    for (; x < cols; x++) store<u8>(target + x, boundary(row, up, down, x, cols, isFrame || x === cols - 1));
  }
}

function boundaries(row: usize, up: usize, down: usize, x: i32, isFrame: bool): v128 {
  const here = v128.load(row + 4 * x);
  const beside = v128.or(
    v128.or(other(here, v128.load(row + 4 * x - 4)), other(here, v128.load(row + 4 * x + 4))),
    v128.or(other(here, v128.load(up + 4 * x)), other(here, v128.load(down + 4 * x))),
  );
  const isObject = v128.and(beside, i32x4.gt_s(here, i32x4.splat(0)));
  return isFrame ? isObject : v128.or(isObject, i32x4.lt_s(here, i32x4.splat(0)));
}

/** Where a neighbor is not of the object, and no line. */
function other(here: v128, neighbor: v128): v128 {
  return v128.and(i32x4.ne(here, neighbor), i32x4.ge_s(neighbor, i32x4.splat(0)));
}

function boundary(row: usize, up: usize, down: usize, x: i32, cols: i32, isFrame: bool): u8 {
  const here = load<i32>(row + 4 * x);
  if (here === 0) return 0;
  if (here < 0) return isFrame ? 0 : 255;
  const left = x > 0 ? load<i32>(row + 4 * x - 4) : here;
  const right = x < cols - 1 ? load<i32>(row + 4 * x + 4) : here;
  const above = load<i32>(up + 4 * x);
  const below = load<i32>(down + 4 * x);
  const is =
    (left >= 0 && left !== here) ||
    (right >= 0 && right !== here) ||
    (above >= 0 && above !== here) ||
    (below >= 0 && below !== here);
  return is ? 255 : 0;
}

/** Brings each pixel of an object a third of the way to the object's color: RGB in place, `palette` with the colors of `colors` labels, 3 bytes each. */
export function tintLabels(canvas: usize, labels: usize, pixels: i32, palette: usize, colors: i32): void {
  for (let i = 0; i < pixels; ) {
    const label = load<i32>(labels + 4 * i);
    const start = i;
    const same = i32x4.splat(label);
    i++;
    while (i + 4 <= pixels && i32x4.all_true(i32x4.eq(v128.load(labels + 4 * i), same))) i += 4;
    while (i < pixels && load<i32>(labels + 4 * i) === label) i++;
    if (label > 0) tintRun(canvas + 3 * start, 3 * (i - start), palette + 3 * (label % colors));
  }
}

function tintRun(at: usize, bytes: i32, color: usize): void {
  const red: i32 = load<u8>(color);
  const green: i32 = load<u8>(color, 1);
  const blue: i32 = load<u8>(color, 2);
  let k = 0;
  if (bytes >= 48) {
    const rgb = i32x4.splat(red | (green << 8) | (blue << 16));
    const first = v128.shuffle<i8>(rgb, rgb, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
    const second = v128.shuffle<i8>(rgb, rgb, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1);
    const third = v128.shuffle<i8>(rgb, rgb, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
    for (; k + 48 <= bytes; k += 48) {
      v128.store(at + k, tinted(v128.load(at + k), first));
      v128.store(at + k + 16, tinted(v128.load(at + k + 16), second));
      v128.store(at + k + 32, tinted(v128.load(at + k + 32), third));
    }
  }
  for (; k < bytes; k += 3) {
    store<u8>(at + k, <u8>((2 * <i32>load<u8>(at + k) + red) / 3));
    store<u8>(at + k + 1, <u8>((2 * <i32>load<u8>(at + k + 1) + green) / 3));
    store<u8>(at + k + 2, <u8>((2 * <i32>load<u8>(at + k + 2) + blue) / 3));
  }
}

function tinted(samples: v128, color: v128): v128 {
  return i8x16.narrow_i16x8_u(
    third(i16x8.extend_low_i8x16_u(samples), i16x8.extend_low_i8x16_u(color)),
    third(i16x8.extend_high_i8x16_u(samples), i16x8.extend_high_i8x16_u(color)),
  );
}

/** (2a + b) / 3 rounded down, which is (2a + b - 1) / 3 rounded to the nearest. */
function third(a: v128, b: v128): v128 {
  const sum = i16x8.sub(i16x8.add(i16x8.add(a, a), b), i16x8.splat(1));
  return i16x8.q15mulr_sat_s(sum, i16x8.splat(10923));
}
