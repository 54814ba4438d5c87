import sharp from 'sharp';
import { gray } from '../harness/drawing.ts';
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
