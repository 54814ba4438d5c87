import { plain, rgb } from './drawing.ts';
import { run } from './run.ts';

/** What an operation makes of a plain color: red, green and blue. */
export async function colorOf(operation: string, color: string, params: object = {}): Promise<number[]> {
  const { bytes } = await run(operation, await plain(color), params);
  return [...(await rgb(bytes)).subarray(0, 3)];
}
