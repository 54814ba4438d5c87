/**
 * Runs every operation on images of every size and kind: each answer must be right, or a refusal that names its limit.
 *
 *     npm run sweep -- [--sizes 3,16.1] [--kinds gray,color] [--extremes] [operation…]
 *
 * With `--extremes`, each parameter is also tried at its least, its most, and every choice. One thread; one line for each
 * fault, and a summary for each size. Exit status 1 where there was a fault.
 */
import { parseArgs } from 'node:util';
import { Engine } from '../lib/imaging/engine.ts';
import { operations } from '../lib/operations/registry.ts';
import {
  imageOf,
  type Kind,
  kinds,
  maxPixels,
  type Outcome,
  paramsOf,
  runCase,
  type Size,
  sizes,
} from './sweep-cases.ts';

const timeLimitMs = 120_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string' },
    kinds: { type: 'string' },
    extremes: { type: 'boolean', default: false },
  },
});
const chosen = (list: string | undefined, name: string) => list === undefined || list.split(',').includes(name);

const engine = new Engine({ threads: 1, timeLimitMs, pixelsInFlight: maxPixels, maxHeapBytes: 384 * 2 ** 20 });
let faults = 0;
for (const size of sizes.filter(({ name }) => chosen(values.sizes, name))) {
  const outcomes: Outcome[] = [];
  for (const kind of kinds.filter((name) => chosen(values.kinds, name))) outcomes.push(...(await sweep(size, kind)));
  summarize(size, outcomes);
}
await engine.close();
process.exitCode = faults > 0 ? 1 : 0;

async function sweep(size: Size, kind: Kind): Promise<Outcome[]> {
  const image = await imageOf(size, kind);
  const outcomes: Outcome[] = [];
  for (const operation of operations.values()) {
    if (positionals.length > 0 && !positionals.includes(operation.name)) continue;
    for (const params of paramsOf(operation, values.extremes)) {
      const outcome = await runCase(engine, { operation, size, kind, params }, image);
      outcomes.push(outcome);
      if (outcome.fault === null && outcome.refused !== 'time-limit-exceeded') continue;
      if (outcome.fault !== null) faults++;
      console.log(`${size.name} ${kind} ${operation.name} ${JSON.stringify(params)}: ${outcome.fault ?? 'too slow'}`);
    }
  }
  return outcomes;
}

function summarize({ name }: Size, outcomes: Outcome[]): void {
  const refused = Map.groupBy(outcomes, (outcome) => outcome.refused ?? '');
  const right = refused.get('')?.filter(({ fault }) => fault === null).length ?? 0;
  const others = [...refused].filter(([type]) => type !== '').map(([type, { length }]) => `${length} ${type}`);
  const seconds = (outcomes.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(0);
  console.log(`${name}: ${outcomes.length} runs in ${seconds} s, ${[`${right} right`, ...others].join(', ')}`);
}
