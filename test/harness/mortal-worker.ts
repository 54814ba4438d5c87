/** The real worker, which dies on jobs whose Canny thresholds say how. */
import work, { type ImageJob, type WorkerAnswer } from '../../lib/imaging/engine-thread.ts';

/** As in the browser's types, which this project does without. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { f(): void } };
};

export const deaths = { exit: 1, trap: 2, memory: 3, number: 4 };
/** A threshold at which the job fails in a thread that lives on. */
export const fault = 5;

/** A WASM module whose function `f` is one instruction: unreachable. */
const trap = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0, 0x0a, 5, 1, 3, 0, 0, 0x0b],
]);

export default async function workOrDie(job: ImageJob): Promise<WorkerAnswer> {
  const { lowThreshold } = job.steps[0].params;
  if (lowThreshold === deaths.exit) process.exit(1);
  if (lowThreshold === deaths.trap) new WebAssembly.Instance(new WebAssembly.Module(trap)).exports.f();
  if (lowThreshold === deaths.memory) throw new RangeError('Array buffer allocation failed');
  // As OpenCV throws.
  if (lowThreshold === deaths.number) throw 5_247_528;
  if (lowThreshold === fault) throw new Error('There is no worker for this.');
  return work(job);
}
