import { z } from 'zod';
import { issueInWords } from '../issue-words.ts';
import { fieldProblem } from '../problems.ts';
import { resultKindOf, type Step } from './steps.ts';
import { usualQuality } from './usual-output.ts';

export const outputSchema = z
  .strictObject({
    format: z.enum(['png', 'jpeg', 'webp', 'avif', 'tiff']).optional(),
    quality: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .describe(
        `of the lossy formats, default: ${usualQuality.jpeg} for jpeg and webp, ${usualQuality.avif} for avif; PNG and TIFF are lossless`,
      ),
    chromaSubsampling: z
      .enum(['4:2:0', '4:4:4'])
      .optional()
      .describe('of jpeg and avif: 4:4:4 keeps the color of each pixel; default: 4:2:0 for jpeg, 4:4:4 for avif'),
    metadata: z
      .enum(['credits', 'none'])
      .optional()
      .describe(
        'credits, the default: resolution, copyright and artist of the image go on to the result; none: nothing does',
      ),
    width: z
      .int()
      .min(1)
      .max(20_000)
      .optional()
      .describe('maximum width of the result in pixels; larger results are reduced')
      .meta({ unit: 'px' }),
  })
  .describe('how the result is encoded; the defaults depend on the operations and the input')
  .meta({ id: 'OutputOptions' });

/** How the result is to be encoded; what is left out is as the operations and the input suggest. */
export type OutputOptions = z.output<typeof outputSchema>;

/** Checks the `output` of a request; the problem names the field. */
export function parseOutput(output: unknown): OutputOptions {
  const parsed = outputSchema.safeParse(output);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys')
    throw fieldProblem(`output.${issue.keys[0]}`, 'is not an option of the output');
  throw fieldProblem(['output', ...issue.path].join('.'), issueInWords(issue));
}

const lossless = new Set(['png', 'tiff']);
const subsampled = new Set(['jpeg', 'avif']);

/** Refuses to write labels in a format that changes samples: numbers of objects would become others; and options that the format has not. */
export function checkOutput({ format, chromaSubsampling }: OutputOptions, steps: readonly Step[]): void {
  if (chromaSubsampling && format && !subsampled.has(format))
    throw fieldProblem('output.chromaSubsampling', `is of jpeg and avif, not of ${format}`);
  if (format === undefined || lossless.has(format) || resultKindOf(steps) !== 'labels') return;
  throw fieldProblem('output.format', `must be png or tiff for labels: ${format} changes samples`);
}
