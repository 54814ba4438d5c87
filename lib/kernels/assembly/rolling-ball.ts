/** Rolling a ball under an image (S. Sternberg, Biomedical image processing, 1983) in single precision: an erosion and a dilation by its height. */

/**
 * `samples` and `background` hold floats, `rows` of `cols` each, as does `centers`, which takes how high the ball's center comes. `heights` are `side` × `side` floats of the ball's
 * upper half, below 0 outside of it.
 */
export function rollBall(
  samples: usize,
  background: usize,
  cols: i32,
  rows: i32,
  heights: usize,
  side: i32,
  centers: usize,
): void {
  const reach = side / 2;
  const length = 4 * cols;
  for (let y = 0; y < rows; y++) {
    const out = centers + y * length;
    fill(out, cols, f32.MAX_VALUE);
    for (let dy = max(-reach, -y); dy <= min(reach, rows - 1 - y); dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const height = load<f32>(heights + 4 * ((dy + reach) * side + dx + reach));
        if (height >= 0) rise(samples + (y + dy) * length, out, cols, dx, height);
      }
  }
  for (let y = 0; y < rows; y++) {
    const out = background + y * length;
    fill(out, cols, -f32.MAX_VALUE);
    for (let dy = max(-reach, y - rows + 1); dy <= min(reach, y); dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const height = load<f32>(heights + 4 * ((dy + reach) * side + dx + reach));
        if (height >= 0) cover(centers + (y - dy) * length, out, cols, dx, height);
      }
  }
}

function fill(row: usize, cols: i32, value: f32): void {
  for (let x = 0; x < cols; x++) store<f32>(row + 4 * x, value);
}

/** The room between the ball and the samples that lie `dx` further on. */
function rise(samples: usize, out: usize, cols: i32, dx: i32, height: f32): void {
  const heights = f32x4.splat(height);
  const end = min(cols, cols - dx);
  let x = max(0, -dx);
  for (; x + 4 <= end; x += 4) {
    const room = f32x4.sub(v128.load(samples + 4 * (x + dx)), heights);
    v128.store(out + 4 * x, f32x4.pmin(v128.load(out + 4 * x), room));
  }
  for (; x < end; x++) {
    const room = load<f32>(samples + 4 * (x + dx)) - height;
    if (room < load<f32>(out + 4 * x)) store<f32>(out + 4 * x, room);
  }
}

/** How high the surface comes over what lies `dx` further on. */
function cover(centers: usize, out: usize, cols: i32, dx: i32, height: f32): void {
  const heights = f32x4.splat(height);
  const end = min(cols, cols + dx);
  let x = max(0, dx);
  for (; x + 4 <= end; x += 4) {
    const surface = f32x4.add(v128.load(centers + 4 * (x - dx)), heights);
    v128.store(out + 4 * x, f32x4.pmax(v128.load(out + 4 * x), surface));
  }
  for (; x < end; x++) {
    const surface = load<f32>(centers + 4 * (x - dx)) + height;
    if (surface > load<f32>(out + 4 * x)) store<f32>(out + 4 * x, surface);
  }
}

/** The least of each block of `factor` × `factor` pixels; `row` takes `width` bytes. */
export function leastOfBlocks(src: usize, dst: usize, width: i32, height: i32, factor: i32, row: usize): void {
  const cols = (width + factor - 1) / factor;
  for (let top = 0, y = 0; top < height; top += factor, y++) {
    memory.copy(row, src + top * width, width);
    for (let k = top + 1; k < min(height, top + factor); k++) {
      const from = src + k * width;
      let x = 0;
      for (; x + 16 <= width; x += 16) v128.store(row + x, i8x16.min_u(v128.load(row + x), v128.load(from + x)));
      for (; x < width; x++) store<u8>(row + x, <u8>min(<i32>load<u8>(row + x), <i32>load<u8>(from + x)));
    }
    for (let i = 0; i < cols; i++) {
      let least: i32 = 255;
      for (let x = i * factor; x < min(width, (i + 1) * factor); x++) least = min(least, <i32>load<u8>(row + x));
      store<u8>(dst + y * cols + i, <u8>least);
    }
  }
}
