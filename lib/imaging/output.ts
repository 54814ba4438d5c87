import { z } from 'zod';
import { fieldProblem } from '../operations/steps.ts';

const schema = z.strictObject({
  format: z.enum(['png', 'jpeg', 'webp', 'avif', 'tiff']).optional(),
  /** Of the lossy formats; PNG and TIFF are lossless. */
  quality: z.int().min(1).max(100).optional(),
  /** The result is made smaller, to at most so many pixels across. */
  width: z.int().min(1).max(20_000).optional(),
});

/** How the result is to be encoded; what is left out is as the operations and the input suggest. */
export type OutputOptions = z.output<typeof schema>;

/** Checks the `output` of a request; the problem names the field. */
export function parseOutput(output: unknown): OutputOptions {
  const parsed = schema.safeParse(output);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys')
    throw fieldProblem(`output.${issue.keys[0]}`, 'is not an option of the output');
  throw fieldProblem(
    ['output', ...issue.path].join('.'),
    issue.message.replace(/^Invalid (input|option): /, 'is not valid: '),
  );
}
