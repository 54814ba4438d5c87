import sharp from 'sharp';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { drawing } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run, runSteps } from '../harness/run.ts';

type Corners = [number, number][];
/** A page of 700 × 990 with lines of text. */
const lines = Array.from({ length: 28 }, (_, i) => ({
  x: 80,
  y: 90 + 29 * i,
  width: 440 + ((i * 37) % 100),
  height: 9,
  value: 40,
}));
const page = () => drawing(700, 990, 235, lines);
const [width, height] = [1200, 1000];

/** Of a phone's camera, in pixels. */
const focalLength = 960;
const views: [string, Corners][] = [
  ['from above', seen(0, 0, 0)],
  ['turned', seen(25, 0, 0)],
  ['tilted away', seen(4, 30, 0)],
  ['tilted to two sides', seen(-12, 25, 20)],
];

describe.each(views)('a page %s', (_, corners) => {
  test.each(['wood', 'even', 'green'])('is found to a pixel and gets its own shape, on a desk: %s', async (desk) => {
    const { measured, ...result } = await run('rectify-page', await photo(corners, desk));
    expect(measured.found).toBe(true);
    for (const [i, [x, y]] of corners.entries()) {
      expect(Math.hypot(measured.corners[i].x - x, measured.corners[i].y - y)).toBeLessThan(1.5);
    }
    expect(Math.abs(result.width / result.height / (700 / 990) - 1)).toBeLessThan(0.03);
    // Its lines are where they were.
    const flat = await sharp(result.bytes).resize(700, 990, { fit: 'fill' }).toColourspace('b-w').raw().toBuffer();
    const truth = await sharp(await page())
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    const dark = truth.map((value, i) => (value < 128 && flat[i] < 128 ? 1 : 0)).reduce((sum, one) => sum + one, 0);
    expect(dark / truth.filter((value) => value < 128).length).toBeGreaterThan(0.85);
  });
});

test.each(['a scan without a desk', 'a photo without a page', 'one color'])('%s stays as it is', async (kind) => {
  const plain = { create: { width: 300, height: 200, channels: 3, background: '#aaa' } } as const;
  const image = kind.startsWith('a scan')
    ? await page()
    : kind.startsWith('one')
      ? await sharp(plain).png().toBuffer()
      : fixture('chelsea.png');
  const { measured, bytes } = await run('rectify-page', image);
  expect(measured).toEqual({ found: false, corners: null });
  const [before, after] = [await sharp(image).metadata(), await sharp(bytes).metadata()];
  expect([after.width, after.height]).toEqual([before.width, before.height]);
});

test('a scanned document is the page alone, black on white', async () => {
  const steps = [
    { operation: 'rectify-page' },
    { operation: 'even-illumination' },
    { operation: 'deskew', params: { canvas: 'same' } },
    { operation: 'grayscale' },
    { operation: 'adaptive-threshold', params: { blockSize: 41, offset: 15 } },
  ];
  const { bytes } = await runSteps(await photo(views[3][1], 'wood'), steps);
  const samples = await sharp(bytes).resize(700, 990, { fit: 'fill' }).toColourspace('b-w').raw().toBuffer();
  // The margins of the page, without a bit of the desk.
  const margin = Array.from({ length: 940 }, (_, i) => samples[700 * (25 + i) + 30]);
  expect(margin.filter((sample) => sample < 128)).toHaveLength(0);
});

/** Corners of the page in the photo, in the order of its own. */
function seen(turn: number, tiltX: number, tiltY: number): Corners {
  const [t, a, b] = [turn, tiltX, tiltY].map((degrees) => (degrees * Math.PI) / 180);
  return [
    [-350, -495],
    [350, -495],
    [350, 495],
    [-350, 495],
  ].map(([x, y]) => {
    const [u, v] = [x * Math.cos(t) - y * Math.sin(t), x * Math.sin(t) + y * Math.cos(t)];
    const [y1, z1] = [v * Math.cos(a), v * Math.sin(a)];
    const [x2, z2] = [u * Math.cos(b) + z1 * Math.sin(b), z1 * Math.cos(b) - u * Math.sin(b)];
    const scale = focalLength / (1400 + z2);
    return [width / 2 + scale * x2, height / 2 + scale * y1];
  });
}

async function photo(corners: Corners, desk: string): Promise<Buffer> {
  await loadOpenCv();
  using scope = new Scope();
  const background = await deskOf(desk);
  const canvas = scope.mat(height, width, cv.CV_8UC3);
  canvas.data.set(background);
  const source = scope.mat(990, 700, cv.CV_8UC3);
  source.data.set(
    await sharp(await page())
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer(),
  );
  const pointsOf = (flat: number[]) =>
    scope.own(
      cv.matFromArray(
        4,
        1,
        cv.CV_32FC2,
        flat.map((at) => at - 0.5),
      ),
    );
  const matrix = scope.own(
    cv.getPerspectiveTransform(pointsOf([0, 0, 700, 0, 700, 990, 0, 990]), pointsOf(corners.flat())),
  );
  cv.warpPerspective(source, canvas, matrix, new cv.Size(width, height), cv.INTER_LINEAR, cv.BORDER_TRANSPARENT);
  return sharp(Buffer.from(canvas.data), { raw: { width, height, channels: 3 } })
    .blur(0.7)
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function deskOf(kind: string): Promise<Buffer> {
  if (kind === 'wood') {
    const stripes = Array.from({ length: 40 }, (_, i) => ({
      x: 0,
      y: 25 * i,
      width: 1200,
      height: 6 + (i % 5),
      value: 90 + ((i * 53) % 40),
    }));
    return drawing(width, height, 120, stripes).then((file) =>
      sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer(),
    );
  }
  const background = kind === 'even' ? '#8b8680' : '#4d7a52';
  return sharp({ create: { width, height, channels: 3, background } })
    .raw()
    .toBuffer();
}
