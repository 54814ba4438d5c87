import type { DepthRule } from './depth.ts';
import type { OutputOptions } from './output.ts';
import type { Projection } from './projection.ts';
import type { Step } from './steps.ts';

/** What is to be done with an image, and how the result is to be encoded. Requests say it as `lib/http/calls/work.ts` declares. */
export interface Work {
  steps: Step[];
  output: OutputOptions;
  /** The page or frame of the image, counted from 1. */
  page: number;
  /** How 16-bit samples become 8-bit ones, where a step takes no more; `auto`, if left out. */
  depth?: DepthRule;
  /** How the pages from `page` on become one image; if left out, only that page is read. */
  projection?: Projection;
}

/** The work alone, of what has other facts too: a task, a job, a request. */
export function workOf({ steps, output, page, depth, projection }: Work): Work {
  return {
    steps,
    output,
    page,
    ...(depth !== undefined && { depth }),
    ...(projection !== undefined && { projection }),
  };
}
