/**
 * Neural networks on LiteRT (Google's runtime of `.tflite` models: XNNPACK in WebAssembly with SIMD), in Node and in browsers. Loading
 * is asynchronous and done before operations run; running is not.
 */
import type { CompiledModel, Tensor } from '@litertjs/core';

type LiteRtTensorBuffer = Tensor['liteRtTensorBuffer'];

import { type NetworkFile, readModel } from './models.ts';

type LiteRt = typeof import('@litertjs/core');

let provide: () => Promise<LiteRt> = async () => {
  throw new Error('No provider of LiteRT is set.');
};

/** Says where the runtime comes from: a package in Node, a bundle in a browser. */
export function setLiteRtProvider(provider: typeof provide): void {
  provide = provider;
}

let loading: Promise<LiteRt> | undefined;
let runtime: LiteRt | undefined;
const compiling = new Map<NetworkFile, Promise<void>>();
const compiled = new Map<NetworkFile, CompiledModel>();

/** Loads the runtime and the models, each once for a thread. */
export async function prepareNetworks(files: Iterable<NetworkFile>): Promise<void> {
  const wanted = [...new Set(files)];
  if (wanted.length === 0) return;
  loading ??= quietly(provide).catch((error) => {
    loading = undefined;
    throw error;
  });
  runtime = await loading;
  await Promise.all(wanted.map((file) => compile(file, runtime as LiteRt)));
}

function compile(file: NetworkFile, { loadAndCompile }: LiteRt): Promise<void> {
  const known = compiling.get(file);
  if (known) return known;
  const done = loadAndCompile(readModel(file), { accelerator: 'wasm' }).then(
    (model) => void compiled.set(file, model),
    (error) => {
      compiling.delete(file);
      throw error;
    },
  );
  compiling.set(file, done);
  return done;
}

/** The runtime reports on the console, which it takes as it finds it, that a server has no GPU and how it optimizes models. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { log, info, warn, error } = console;
  const silent = () => {};
  Object.assign(console, { log: silent, info: silent, warn: silent, error: silent });
  try {
    return await load();
  } finally {
    Object.assign(console, { log, info, warn, error });
  }
}

/** Runs a model on one input of `shape`. Gives its outputs by name. The model must have been prepared. */
export function runNetwork(file: NetworkFile, input: Float32Array, shape: number[]): Map<string, Float32Array> {
  const model = compiled.get(file);
  if (!runtime || !model) throw new Error(`${file} was not prepared.`);
  const tensor = new runtime.Tensor(input, shape);
  let outputs: Tensor[] = [];
  try {
    // On the CPU a run is over when it returns; only the package's own method waits for other accelerators.
    // biome-ignore lint/complexity/useLiteralKeys: it is private, and the only way that does not wait.
    const buffers = model['liteRtCompiledModel'].run(0, [tensor.liteRtTensorBuffer]);
    if (buffers instanceof Promise) throw new Error('LiteRT ran a model asynchronously.');
    const { Tensor } = runtime;
    outputs = buffers.map((buffer: LiteRtTensorBuffer) => new Tensor(buffer));
    const names = model.getOutputDetails().map(({ name }) => name);
    return new Map(outputs.map((output, i) => [names[i], output.toTypedArray() as Float32Array]));
  } finally {
    tensor.delete();
    for (const output of outputs) output.delete();
  }
}
