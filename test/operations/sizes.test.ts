/** A sample of the sweep (bench/sweep.ts): every operation, at the ends of its parameters, on images of awkward sizes. */
import { imageOf, type Kind, kinds, maxPixels, paramsOf, runCase, type Size, sizes } from '../../bench/sweep-cases.ts';
import { Engine } from '../../lib/imaging/engine.ts';
import { operations } from '../../lib/operations/registry.ts';

let engine: Engine;
beforeAll(() => {
  engine = new Engine({ threads: 1, timeLimitMs: 60_000, pixelsInFlight: maxPixels, maxHeapBytes: 2 ** 30 });
});
afterAll(() => engine.close());

/** What went wrong with any operation on such an image. */
async function faults(size: Size, kind: Kind, extremes: boolean, names = [...operations.keys()]): Promise<string[]> {
  const image = await imageOf(size, kind);
  const wrong: string[] = [];
  for (const operation of [...operations.values()].filter(({ name }) => names.includes(name))) {
    for (const params of paramsOf(operation, extremes)) {
      const { fault } = await runCase(engine, { operation, size, kind, params }, image);
      if (fault !== null) wrong.push(`${operation.name} ${JSON.stringify(params)}: ${fault}`);
    }
  }
  return wrong;
}

const sized = (name: string) => sizes.find((size) => size.name === name) as Size;

test.each(['1×1', '97×1', '1×97'])('%s pixels: right, or refused with the reason', async (name) => {
  expect(await faults(sized(name), 'color', true)).toEqual([]);
});

test.each(kinds)('one row, %s: right, or refused with the reason', async (kind) => {
  expect(await faults(sized('97×1'), kind, false)).toEqual([]);
});

test.each(['16.1', '50.1'])('%s megapixels: right, or refused with the limit', async (name) => {
  // One that goes through in strips, one that needs the whole image, one that moves pixels.
  expect(await faults(sized(name), 'gray', false, ['sharpen', 'canny', 'flip'])).toEqual([]);
});
