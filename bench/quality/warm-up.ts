import { runSteps } from '../../test/harness/run.ts';

const warmed = new Set<string>();

/** Runs the steps once before the first time that counts: models are loaded and code is compiled. */
export async function warmUp(image: Uint8Array, steps: object[], reference?: Uint8Array): Promise<void> {
  const key = JSON.stringify(steps);
  if (warmed.has(key)) return;
  warmed.add(key);
  await runSteps(image, steps, reference);
}
