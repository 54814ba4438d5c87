/** Tables of colors, of one dimension or three, and what is between their entries. */
import type { Mat } from './opencv.ts';

export interface ColorTable {
  dimensions: 1 | 3;
  /** Entries along each dimension. */
  size: number;
  /** Red, green and blue of each entry, 0 to 1; red changes fastest. */
  entries: Float32Array;
}

/**
 * The table in a picture: a single row is one of one dimension; of three dimensions are a strip of N rows of N · N pixels, and a square Hald picture (E. Cline, "Hald
 * CLUT", 2006). Undefined for other shapes.
 */
export function colorTableOf(picture: Mat): ColorTable | undefined {
  const { cols, rows } = picture;
  const size = rows === 1 ? cols : Math.round(Math.cbrt(cols * rows));
  const isStrip = rows === 1 || cols === rows * rows;
  if (size < 2 || !(isStrip || (cols === rows && size ** 3 === cols * rows)) || picture.channels() !== 3)
    return undefined;
  const deep = picture.elemSize1() === 2;
  const samples: Uint8Array | Uint16Array = deep ? picture.data16U : picture.data;
  const entries = Float32Array.from(samples, (sample) => sample / (deep ? 65_535 : 255));
  return { dimensions: rows === 1 ? 1 : 3, size, entries };
}

/** Writes into `target` what the table makes of the RGB samples of `source`, of 8 or 16 bits, as much of it as `share` says, 0 to 1. */
export function applyColorTable(table: ColorTable, source: Mat, target: Mat, share: number): void {
  const deep = source.elemSize1() === 2;
  const full = deep ? 65_535 : 255;
  const [from, to]: (Uint8Array | Uint16Array)[] = deep ? [source.data16U, target.data16U] : [source.data, target.data];
  const scale = (table.size - 1) / full;
  const color = new Float64Array(3);
  const look = table.dimensions === 3 ? tetrahedral : perChannel;
  for (let i = 0; i < from.length; i += 3) {
    look(table, from[i] * scale, from[i + 1] * scale, from[i + 2] * scale, color);
    for (let c = 0; c < 3; c++) to[i + c] = from[i + c] + share * (full * color[c] - from[i + c]) + 0.5;
  }
}

function perChannel({ size, entries }: ColorTable, r: number, g: number, b: number, color: Float64Array): void {
  for (const [c, at] of [r, g, b].entries()) {
    const below = Math.min(size - 2, Math.floor(at));
    const [low, high] = [entries[3 * below + c], entries[3 * below + 3 + c]];
    color[c] = low + (at - below) * (high - low);
  }
}

/** Between the four corners of the tetrahedron around a color (J. Kasson et al., "Performing color space conversions with three-dimensional linear interpolation", 1995). */
function tetrahedral({ size, entries }: ColorTable, r: number, g: number, b: number, color: Float64Array): void {
  const [ri, gi, bi] = [Math.min(size - 2, r | 0), Math.min(size - 2, g | 0), Math.min(size - 2, b | 0)];
  const [x, y, z] = [r - ri, g - gi, b - bi];
  const [dr, dg, db] = [3, 3 * size, 3 * size * size];
  const base = ri * dr + gi * dg + bi * db;
  const opposite = base + dr + dg + db;
  // From the darkest corner to the lightest along the axes, that of the largest share first.
  let [first, second, large, middle, small] = [dr, dr + dg, x, y, z];
  if (x >= y) {
    if (y >= z) [first, second, large, middle, small] = [dr, dr + dg, x, y, z];
    else if (x >= z) [first, second, large, middle, small] = [dr, dr + db, x, z, y];
    else [first, second, large, middle, small] = [db, db + dr, z, x, y];
  } else if (z >= y) [first, second, large, middle, small] = [db, db + dg, z, y, x];
  else if (z >= x) [first, second, large, middle, small] = [dg, dg + db, y, z, x];
  else [first, second, large, middle, small] = [dg, dg + dr, y, x, z];
  for (let c = 0; c < 3; c++) {
    color[c] =
      (1 - large) * entries[base + c] +
      (large - middle) * entries[base + first + c] +
      (middle - small) * entries[base + second + c] +
      small * entries[opposite + c];
  }
}
