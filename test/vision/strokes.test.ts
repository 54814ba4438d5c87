/** Strokes cover the pixels whose centers are within the radius of their line. */
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { drawStrokes, type Stroke } from '../../lib/vision/strokes.ts';

beforeAll(() => loadOpenCv());

function drawn(stroke: Stroke, side = 64): Uint8Array {
  using scope = new Scope();
  const mask = scope.own(cv.Mat.zeros(side, side, cv.CV_8UC1));
  drawStrokes(mask, [stroke], 1);
  return Uint8Array.from(mask.data as Uint8Array);
}

/** How far the center of a pixel is from the nearest point of a line. */
function distance(x: number, y: number, points: Stroke['points']): number {
  return Math.min(
    ...points.map(([bx, by], index) => {
      const [ax, ay] = points[Math.max(0, index - 1)];
      const [dx, dy] = [bx - ax, by - ay];
      const along = dx || dy ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy))) : 0;
      return Math.hypot(x - ax - along * dx, y - ay - along * dy);
    }),
  );
}

test.each([
  ['a disc', { points: [[32, 32]], radius: 10 }],
  [
    'a thin line',
    {
      points: [
        [5.5, 8.5],
        [60.5, 8.5],
      ],
      radius: 0.5,
    },
  ],
  [
    'a bent line',
    {
      points: [
        [10, 10],
        [50, 20],
        [30, 55],
      ],
      radius: 6,
    },
  ],
  ['a disc at the edge', { points: [[0, 64]], radius: 12.5 }],
] as [string, Stroke][])('%s', (_, stroke) => {
  const pixels = drawn(stroke);
  const wrong = [...pixels].flatMap((value, at) => {
    const far = distance((at % 64) + 0.5, Math.floor(at / 64) + 0.5, stroke.points) - stroke.radius;
    // At the edge itself, rounding decides.
    return Math.abs(far) > 1e-9 && value !== Number(far < 0) ? [[at % 64, Math.floor(at / 64)]] : [];
  });
  expect(wrong).toEqual([]);
  expect(pixels.some((value) => value === 1)).toBe(true);
});
