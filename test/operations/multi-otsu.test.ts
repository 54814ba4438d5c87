import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

const { thresholds } = JSON.parse(fixture('analysis.json').toString());
const cases = Object.keys(thresholds).flatMap((name) => [2, 3, 4, 5].map((classes) => [classes, name] as const));

test.each(cases)('%i classes of %s are those of scikit-image', async (classes, name) => {
  const { measured } = await run('multi-otsu', name, { classes });
  expect(measured.thresholds).toEqual(thresholds[name].multiOtsu[classes]);
});

test('background, cytoplasm and nucleus become three gray values, with their shares', async () => {
  const cell = await drawing(40, 40, 30, [
    { x: 8, y: 8, width: 24, height: 24, value: 110 },
    { x: 14, y: 14, width: 8, height: 8, value: 220 },
  ]);
  const { bytes, measured } = await run('multi-otsu', cell);
  const pixels = await grayPixels(bytes);
  expect([pixels[0], pixels[10 * 40 + 10], pixels[16 * 40 + 16]]).toEqual([0, 128, 255]);
  expect(measured.fractions).toEqual([(1600 - 576) / 1600, (576 - 64) / 1600, 64 / 1600]);
});

test('fewer values than classes are as many classes', async () => {
  const { measured } = await run('multi-otsu', await drawing(9, 9, 7, []), { classes: 5 });
  expect(measured).toEqual({ thresholds: [], fractions: [1] });
});
