import sharp from 'sharp';
import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

/** The face in astronaut.png, in its box. */
const face = { x: 177, y: 66, size: 95 };

test.each([0.5, 1, 2])('the face is in a crop of aspect %d, which has its shape', async (aspect) => {
  // The face is at the left end of a wide picture, or at the top of a high one.
  const scene = await sharp(fixture('astronaut.png'))
    .extend({ right: 500, bottom: 400, background: '#888' })
    .png()
    .toBuffer();
  const { measured, width, height } = await run('smart-crop', scene, { aspect });
  expect(measured.faceCount).toBe(1);
  expect(Math.abs(width / height / aspect - 1)).toBeLessThan(0.01);
  expect(Math.min(width / 1012, height / 912)).toBeLessThanOrEqual(1);
  expect(Math.max(width / 1012, height / 912)).toBe(1);
  const { box } = measured;
  expect([box.width, box.height]).toEqual([width, height]);
  expect(box.x).toBeLessThan(face.x);
  expect(box.y).toBeLessThan(face.y);
  expect(box.x + box.width).toBeGreaterThan(face.x + face.size);
  expect(box.y + box.height).toBeGreaterThan(face.y + face.size);
});

test('a close-up has the face in its middle, with the margin around', async () => {
  const { measured, width, height } = await run('smart-crop', 'astronaut.png', { size: 'faces', margin: 100 });
  expect(width).toBe(height);
  expect(Math.abs(width / face.size - 2)).toBeLessThan(0.35);
  expect(Math.abs(measured.box.x + width / 2 - (face.x + face.size / 2))).toBeLessThan(15);
});

test('without faces the crop goes where the detail is', async () => {
  const blocks = Array.from({ length: 40 }, (_, i) => ({
    x: 620 + (i % 8) * 20,
    y: 40 + Math.floor(i / 8) * 24,
    width: 10,
    height: 12,
    value: 30,
  }));
  const { measured } = await run('smart-crop', await drawing(800, 200, 220, blocks));
  expect(measured).toMatchObject({ faceCount: 0, box: { y: 0, width: 200, height: 200 } });
  expect(measured.box.x).toBeGreaterThan(550);
});

test('a picture of one color is cropped in its middle', async () => {
  const { measured } = await run('smart-crop', await drawing(300, 100, 200, []));
  expect(measured.box).toEqual({ x: 100, y: 0, width: 100, height: 100 });
});
