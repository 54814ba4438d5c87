import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';
import { randomFrom } from '../harness/synthetic.ts';

const lines = Array.from({ length: 12 }, (_, i) => ({ x: 60, y: 60 + 25 * i, width: 380, height: 8, value: 0 }));

test('a skewed page is levelled, and the angle is told', async () => {
  const page = await sharp(await drawing(500, 420, 255, lines))
    .rotate(4, { background: '#fff' })
    .png()
    .toBuffer();
  const { measured, bytes } = await run('deskew', page);
  expect(measured.angle).toBeCloseTo(4, 0);
  expect(Math.abs((await run('deskew', bytes)).measured.angle)).toBeLessThanOrEqual(0.2);
});

test('the image may keep its size', async () => {
  const page = await sharp(await drawing(500, 420, 255, lines))
    .rotate(4, { background: '#fff' })
    .png()
    .toBuffer();
  const { width, height } = await sharp(page).metadata();
  const result = await run('deskew', page, { canvas: 'same' });
  expect([result.width, result.height]).toEqual([width, height]);
  expect(Math.abs((await run('deskew', result.bytes)).measured.angle)).toBeLessThanOrEqual(0.2);
});

test('an angle is not sought beyond maxAngle', async () => {
  const page = await sharp(await drawing(500, 420, 255, lines))
    .rotate(5, { background: '#fff' })
    .png()
    .toBuffer();
  expect((await run('deskew', page, { maxAngle: 3 })).measured.angle).toBeLessThanOrEqual(3);
});

test.each(['white', 'gray', 'with noise'])('a blank page, %s, is not turned, which is said', async (kind) => {
  const { width, height, measured } = await run('deskew', await blank(kind));
  expect([width, height]).toEqual([400, 300]);
  expect(measured).toEqual({ angle: 0, linesFound: false });
});

async function blank(kind: string): Promise<Buffer> {
  const random = randomFrom(3);
  const level = kind === 'white' ? 255 : 190;
  const samples = Uint8Array.from({ length: 400 * 300 }, () =>
    kind === 'with noise' ? level + 12 * (random() + random() + random() - 1.5) : level,
  );
  return sharp(samples, { raw: { width: 400, height: 300, channels: 1 } })
    .png()
    .toBuffer();
}
