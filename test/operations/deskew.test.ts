import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('a skewed page is levelled, and the angle is told', async () => {
  const lines = Array.from({ length: 12 }, (_, i) => ({ x: 60, y: 60 + 25 * i, width: 380, height: 8, value: 0 }));
  const page = await sharp(await drawing(500, 420, 255, lines))
    .rotate(4, { background: '#fff' })
    .png()
    .toBuffer();
  const { measured, bytes } = await run('deskew', page);
  expect(measured.angle).toBeCloseTo(4, 0);
  expect(Math.abs((await run('deskew', bytes)).measured.angle)).toBeLessThanOrEqual(0.2);
});
