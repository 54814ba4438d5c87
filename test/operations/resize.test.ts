import { run } from '../harness/run.ts';

test.each([
  [{ width: 256 }, 256, 240],
  [{ height: 960 }, 1024, 960],
  [{ width: 100, height: 100 }, 100, 94],
  [{ width: 100, height: 100, fit: 'cover' }, 100, 100],
  [{ width: 100, height: 50, fit: 'fill' }, 100, 50],
  [{ width: 5000, enlarge: false }, 512, 480],
])('resize to %j', async (params, width, height) => {
  expect(await run('resize', 'fruits.jpg', params)).toMatchObject({ width, height });
});
