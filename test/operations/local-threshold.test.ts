import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const { thresholds } = JSON.parse(fixture('analysis.json').toString());

test.each(Object.keys(thresholds))('%s is parted as by scikit-image', async (name) => {
  const { sauvola, niblack, size } = thresholds[name];
  const pixels = async (params: object) =>
    Math.round((await run('local-threshold', name, params)).measured.foregroundFraction * size);
  expect(await pixels({ size: 25 })).toBe(sauvola);
  expect(await pixels({ method: 'niblack', size: 15, k: 0.3 })).toBe(niblack);
});

test('writing is dark, paper is bright, in light and in shadow', async () => {
  const bars = [10, 50, 90, 130].map((x) => ({ x, y: 10, width: 4, height: 60 }));
  const page = await drawing(160, 80, 220, [
    { x: 80, y: 0, width: 80, height: 80, value: 110 },
    ...bars.map((bar, i) => ({ ...bar, value: i < 2 ? 120 : 40 })),
  ]);
  const { bytes, width } = await run('local-threshold', page, { size: 15 });
  const pixels = await grayPixels(bytes);
  expect(bars.map(({ x }) => pixels[40 * width + x + 2])).toEqual([0, 0, 0, 0]);
  expect([30, 70, 110, 150].map((x) => pixels[40 * width + x])).toEqual([255, 255, 255, 255]);
});
