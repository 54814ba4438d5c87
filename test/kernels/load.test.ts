import { catchMemory, instantiate } from '../../lib/kernels/load.ts';

interface Wasm {
  Memory: new (descriptor: { initial: number }) => { buffer: ArrayBuffer };
}
const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

test('the first memory that is made is caught, and the constructor is as before', async () => {
  const { Memory } = wasm;
  const { loaded, memory } = await catchMemory(async () => {
    const first = new wasm.Memory({ initial: 1 });
    new wasm.Memory({ initial: 2 });
    return first;
  });
  expect(memory).toBe(loaded);
  expect(loaded).toBeInstanceOf(Memory);
  expect(wasm.Memory).toBe(Memory);
});

test('the constructor is as before where loading failed', async () => {
  const { Memory } = wasm;
  await expect(catchMemory(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(wasm.Memory).toBe(Memory);
});

test('there are no kernels where the module cannot be run', async () => {
  const unknownInstruction = Uint8Array.of(
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    0x0a,
    4,
    1,
    2,
    0,
    0xff,
  );
  expect(await instantiate(unknownInstruction, new wasm.Memory({ initial: 1 }))).toBeUndefined();
});
