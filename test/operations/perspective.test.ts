import sharp from 'sharp';
import { gray } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

test('perspective makes four corners those of the result', async () => {
  const corners = [
    [20, 10],
    [90, 20],
    [80, 90],
    [10, 80],
  ];
  // Inside where the point lies to the right of all four sides.
  const pixels = Buffer.alloc(100 * 100);
  for (let p = 0; p < pixels.length; p++) {
    const inside = corners.every(([ax, ay], side) => {
      const [bx, by] = corners[(side + 1) % 4];
      return (bx - ax) * (Math.floor(p / 100) - ay) - (by - ay) * ((p % 100) - ax) >= 0;
    });
    if (inside) pixels[p] = 255;
  }
  const image = await gray(pixels, 100, 100);
  const { bytes, width, height } = await run('perspective', image, { corners, width: 64, height: 48 });
  expect([width, height]).toEqual([64, 48]);
  const middle = await sharp(bytes)
    .extract({ left: 2, top: 2, width: 60, height: 44 })
    .toColorspace('b-w')
    .raw()
    .toBuffer();
  expect(Math.min(...middle)).toBeGreaterThan(200);
});

test('the corners of the image itself leave it as it is', async () => {
  const image = await sharp(fixture('coffee.png'))
    .extract({ left: 100, top: 50, width: 300, height: 200 })
    .png()
    .toBuffer();
  const corners = [
    [0, 0],
    [300, 0],
    [300, 200],
    [0, 200],
  ];
  const { bytes, width, height } = await run('perspective', image, { corners });
  expect([width, height]).toEqual([300, 200]);
  expect(await sharp(bytes).raw().toBuffer()).toEqual(await sharp(image).raw().toBuffer());
});

test('the corners of a part give this part, pixel by pixel', async () => {
  const corners = [
    [40, 30],
    [140, 30],
    [140, 90],
    [40, 90],
  ];
  const { bytes } = await run('perspective', 'coffee.png', { corners });
  const part = sharp(fixture('coffee.png')).extract({ left: 40, top: 30, width: 100, height: 60 });
  expect(await sharp(bytes).raw().toBuffer()).toEqual(await part.raw().toBuffer());
});
