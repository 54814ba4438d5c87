import { rgb } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('quantize leaves as many colors as asked, and says how much of each', async () => {
  const { bytes, measured } = await run('quantize', 'coffee.png', { colors: 5 });
  const pixels = await rgb(bytes);
  const used = new Set(Array.from({ length: pixels.length / 3 }, (_, i) => pixels.readUIntBE(3 * i, 3)));
  expect(used.size).toBe(5);
  const total = measured.palette.reduce((sum: number, { fraction }: { fraction: number }) => sum + fraction, 0);
  expect(total).toBeCloseTo(1, 10);
  expect(used.has(Number.parseInt(measured.palette[0].color.slice(1), 16))).toBe(true);
});
