import { twoRectangles } from '../harness/drawing.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run } from '../harness/run.ts';

test('an object is cut out of its background', async () => {
  const { measured } = await run('grab-cut', await twoRectangles(), {
    left: 50,
    top: 20,
    width: 40,
    height: 70,
    output: 'mask',
  });
  expect(Math.abs(measured.foregroundPixels - 1500)).toBeLessThan(150);
});

/** Gray of a pixel of the mask of two bright rectangles, 200 pixels wide. */
const at = (mask: Uint8Array, x: number, y: number) => mask[y * 200 + x];

test('strokes say what belongs to the object, also outside of the rectangle, and what does not', async () => {
  const image = await twoRectangles();
  const right = { left: 50, top: 20, width: 40, height: 70, output: 'mask' };
  const both = await run('grab-cut', image, {
    ...right,
    foreground: [
      {
        points: [
          [25.5, 40],
          [75, 40],
        ],
        radius: 4,
      },
    ],
  });
  const mask = await grayPixels(both.bytes);
  // The stroke lies in the left rectangle, which the other one does not reach.
  expect([at(mask, 50, 40), at(mask, 135, 60), at(mask, 100, 100)]).toEqual([255, 255, 0]);
  const without = await run('grab-cut', image, {
    left: 0,
    top: 0,
    width: 100,
    height: 100,
    output: 'mask',
    foreground: [{ points: [[135, 65]], radius: 10 }],
    background: [
      {
        points: [
          [20, 40],
          [80, 40],
        ],
        radius: 12,
      },
      {
        points: [
          [5, 5],
          [195, 5],
          [195, 115],
          [5, 115],
          [5, 5],
        ],
        radius: 3,
      },
    ],
  });
  const rest = await grayPixels(without.bytes);
  expect([at(rest, 50, 40), at(rest, 135, 60)]).toEqual([0, 255]);
  expect(Math.abs(without.measured.foregroundPixels - 1500)).toBeLessThan(150);
});

test('where nothing is left of the object, or of its background, it says so', async () => {
  const image = await twoRectangles();
  const everywhere = [{ points: [[100, 60]], radius: 200 }];
  await expect(run('grab-cut', image, { background: everywhere })).rejects.toThrow(/nothing of the object/);
  await expect(run('grab-cut', image, { foreground: everywhere })).rejects.toThrow(
    /some of the image to the background/,
  );
});
