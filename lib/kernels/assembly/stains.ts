/** How much of three stains lies in 8-bit RGB pixels (A. Ruifrok & D. Johnston, 2001), in double precision, the amounts themselves in single. */

/** Entries of the table that guesses a gray value from an amount. */
const guesses: i32 = 4096;

/**
 * `parts` holds nine tables of 256 doubles: what red, green and blue add to each stain. The amounts of all three are summed in three doubles at `sums`. Those of stain `shown` go to
 * `amounts` as floats, or, where that is 0, to `gray` as the greatest value whose threshold, of 256 floats, they reach; `starts` has a value to begin
 * with for each 4096th part of `most`.
 */
export function unmixStains(
  src: usize,
  pixels: i32,
  parts: usize,
  sums: usize,
  shown: i32,
  amounts: usize,
  gray: usize,
  thresholds: usize,
  starts: usize,
  most: f32,
): void {
  const scale: f32 = <f32>(guesses - 1) / most;
  let first: f64 = 0;
  let second: f64 = 0;
  let third: f64 = 0;
  for (let i = 0; i < pixels; i++, src += 3) {
    const red = parts + 8 * <usize>load<u8>(src);
    const green = parts + 2048 + 8 * <usize>load<u8>(src, 1);
    const blue = parts + 4096 + 8 * <usize>load<u8>(src, 2);
    const a = <f32>max<f64>(0, load<f64>(red) + load<f64>(green) + load<f64>(blue));
    const b = <f32>max<f64>(0, load<f64>(red, 6144) + load<f64>(green, 6144) + load<f64>(blue, 6144));
    const c = <f32>max<f64>(0, load<f64>(red, 12288) + load<f64>(green, 12288) + load<f64>(blue, 12288));
    first += <f64>a;
    second += <f64>b;
    third += <f64>c;
    const amount = shown === 0 ? a : shown === 1 ? b : c;
    if (amounts !== 0) {
      store<f32>(amounts + 4 * i, amount);
      continue;
    }
    const start = amount < most ? <i32>(amount * scale) : guesses - 1;
    let value = <i32>load<u8>(starts + start);
    while (value < 255 && amount >= load<f32>(thresholds + 4 * (value + 1))) value++;
    store<u8>(gray + i, <u8>value);
  }
  store<f64>(sums, first);
  store<f64>(sums, second, 8);
  store<f64>(sums, third, 16);
}
