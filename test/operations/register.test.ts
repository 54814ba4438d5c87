import sharp from 'sharp';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test('a turned and shifted shot is aligned', async () => {
  const turned = await sharp(fixture('graf1.png')).rotate(10).resize(700).png().toBuffer();
  const { bytes } = await run('register', 'graf1.png', { output: 'aligned' }, turned);
  const middle = (file: Uint8Array) =>
    sharp(file).extract({ left: 200, top: 150, width: 400, height: 300 }).removeAlpha().raw().toBuffer();
  const [a, b] = [await middle(bytes), await middle(fixture('graf1.png'))];
  expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(12);
});

test('pictures of different things are not aligned', async () => {
  await expect(run('register', 'coffee.png', {}, 'box.png')).rejects.toThrow(/points agree/);
});
