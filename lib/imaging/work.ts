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

/** All of them: the compiler asks for a field that is missing. */
const fields = Object.keys({
  steps: true,
  output: true,
  page: true,
  depth: true,
  projection: true,
} satisfies Record<keyof Work, true>) as (keyof Work)[];

/** The work alone, of what has other facts too: a task, a job, a request. */
export function workOf(facts: Work): Work {
  const given = fields.filter((field) => facts[field] !== undefined);
  return Object.fromEntries(given.map((field) => [field, facts[field]])) as unknown as Work;
}
