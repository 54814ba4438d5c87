import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const { peaks } = JSON.parse(fixture('analysis.json').toString());
const cases = Object.keys(peaks).flatMap((name) =>
  Object.keys(peaks[name]).map((height) => [name, Number(height)] as const),
);

test.each(cases)('peaks and hollows of %s by %i are those of scikit-image', async (name, height) => {
  for (const [index, of] of ['maxima', 'minima'].entries()) {
    const { bytes, measured } = await run('h-maxima', name, { height, of });
    const marked = (await grayPixels(bytes)).filter((value) => value === 255).length;
    expect({ pixels: marked, count: measured.count }).toEqual(peaks[name][height][index]);
  }
});

test('a shoulder is no peak of its own, a second summit is', async () => {
  const ridge = await drawing(50, 20, 10, [
    { x: 5, y: 5, width: 40, height: 10, value: 100 },
    { x: 8, y: 8, width: 4, height: 4, value: 110 },
    { x: 20, y: 8, width: 4, height: 4, value: 200 },
    { x: 36, y: 8, width: 5, height: 5, value: 150 },
  ]);
  const { measured } = await run('h-maxima', ridge, { height: 30 });
  expect(measured).toEqual({
    count: 2,
    truncated: false,
    maxima: [
      { x: 21.5, y: 9.5, value: 200 },
      { x: 38, y: 10, value: 150 },
    ],
  });
});
