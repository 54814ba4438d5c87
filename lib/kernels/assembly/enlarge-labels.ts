/** Labels of a reduced image at full size: for each pixel that of the four nearest with the greatest bilinear weight. */

/**
 * `labels` and `near` are of the reduced image, 32-bit numbers: the objects, and the objects grown by a pixel. `starts` says for each column of the reduced
 * image, and one more, at which column of the full one the pixels begin whose left neighbor it is; `tops` the upper neighbor of each row. Weights
 * are those of the right and of the lower neighbor, 32-bit floats. `isObject` says of each gray value whether it is an object's; `values` are those of the pixels.
 */
export function enlargeLabels(
  labels: usize,
  near: usize,
  reducedRows: i32,
  reducedCols: i32,
  starts: usize,
  weightsX: usize,
  tops: usize,
  weightsY: usize,
  values: usize,
  isObject: usize,
  rows: i32,
  cols: i32,
  target: usize,
): void {
  for (let y = 0; y < rows; y++) {
    const top = load<i32>(tops + 4 * y);
    const upper = 4 * top * reducedCols;
    const lower = 4 * min(top + 1, reducedRows - 1) * reducedCols;
    const wy = <f64>load<f32>(weightsY + 4 * y);
    const value = values + y * cols;
    const row = target + 4 * y * cols;
    for (let cell = 0; cell < reducedCols; cell++) {
      const start = load<i32>(starts + 4 * cell);
      const end = load<i32>(starts + 4 * cell + 4);
      if (start === end) continue;
      const left = 4 * cell;
      const right = 4 * min(cell + 1, reducedCols - 1);
      const l = load<i32>(near + upper + left);
      const m = load<i32>(near + upper + right);
      const n = load<i32>(near + lower + left);
      const o = load<i32>(near + lower + right);
      if ((l | m | n | o) === 0) {
        memory.fill(row + 4 * start, 0, 4 * (end - start));
        continue;
      }
      const isInside =
        load<i32>(labels + upper + left) !== 0 &&
        load<i32>(labels + upper + right) !== 0 &&
        load<i32>(labels + lower + left) !== 0 &&
        load<i32>(labels + lower + right) !== 0;
      const isOne = l === m && l === n && l === o;
      for (let x = start; x < end; x++) {
        let label = 0;
        if (isInside || load<u8>(isObject + load<u8>(value + x)) !== 0)
          label = isOne ? l : heaviest(l, m, n, o, <f64>load<f32>(weightsX + 4 * x), wy);
        store<i32>(row + 4 * x, label);
      }
    }
  }
}

/** The label other than 0 with the greatest weight; the first of equals. */
function heaviest(l: i32, m: i32, n: i32, o: i32, wx: f64, wy: f64): i32 {
  let best = l;
  if (total(m, l, m, n, o, wx, wy) > total(best, l, m, n, o, wx, wy)) best = m;
  if (total(n, l, m, n, o, wx, wy) > total(best, l, m, n, o, wx, wy)) best = n;
  if (total(o, l, m, n, o, wx, wy) > total(best, l, m, n, o, wx, wy)) best = o;
  return best;
}

function total(label: i32, l: i32, m: i32, n: i32, o: i32, wx: f64, wy: f64): f64 {
  if (label === 0) return -1;
  let sum: f64 = 0;
  if (l === label) sum += (1 - wx) * (1 - wy);
  if (m === label) sum += wx * (1 - wy);
  if (n === label) sum += (1 - wx) * wy;
  if (o === label) sum += wx * wy;
  return sum;
}
