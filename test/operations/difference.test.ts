import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('equal pictures do not differ; changed ones do where they were changed', async () => {
  const same = await run('difference', 'coins.png', {}, 'coins.png');
  expect(same.measured).toMatchObject({ mse: 0, psnr: null, ssim: 1, changedPixels: 0 });
  const a = await drawing(100, 100, 50, []);
  const b = await drawing(100, 100, 50, [{ x: 10, y: 20, width: 5, height: 4, value: 90 }]);
  const { measured } = await run('difference', a, {}, b);
  expect(measured).toMatchObject({ changedPixels: 20, mse: (20 * 1600) / 10_000 });
  expect(measured.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / 3.2), 6);
  expect(measured.ssim).toBeLessThan(1);
});

test('pictures of different sizes are not compared', async () => {
  await expect(run('difference', 'coins.png', {}, 'box.png')).rejects.toThrow(/384 × 303.*324 × 223/);
});
