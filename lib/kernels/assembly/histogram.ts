/** How often each 8-bit sample occurs. Neighbors are counted in different tables, so that no count waits for the one before it. */

/** Every `step`-th of `count` samples from `src` on. `scratch` takes four tables of 256 32-bit counts; the first becomes their sum. */
export function histogram(src: usize, count: i32, step: i32, scratch: usize): void {
  memory.fill(scratch, 0, 4096);
  let i = 0;
  if (step === 1) {
    for (; i + 8 <= count; i += 8) {
      const samples = load<u64>(src + i);
      bump(scratch, <usize>(samples & 255));
      bump(scratch + 1024, <usize>((samples >> 8) & 255));
      bump(scratch + 2048, <usize>((samples >> 16) & 255));
      bump(scratch + 3072, <usize>((samples >> 24) & 255));
      bump(scratch, <usize>((samples >> 32) & 255));
      bump(scratch + 1024, <usize>((samples >> 40) & 255));
      bump(scratch + 2048, <usize>((samples >> 48) & 255));
      bump(scratch + 3072, <usize>(samples >> 56));
    }
  }
  for (; i + 4 <= count; i += 4) {
    const at = src + i * step;
    bump(scratch, load<u8>(at));
    bump(scratch + 1024, load<u8>(at + step));
    bump(scratch + 2048, load<u8>(at + 2 * step));
    bump(scratch + 3072, load<u8>(at + 3 * step));
  }
  for (; i < count; i++) bump(scratch, load<u8>(src + i * step));
  for (let value = 0; value < 1024; value += 16) {
    const at = scratch + value;
    const low = i32x4.add(v128.load(at), v128.load(at, 1024));
    v128.store(at, i32x4.add(low, i32x4.add(v128.load(at, 2048), v128.load(at, 3072))));
  }
}

function bump(table: usize, value: usize): void {
  const at = table + (value << 2);
  store<u32>(at, load<u32>(at) + 1);
}
