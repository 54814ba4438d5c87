import sharp from 'sharp';
import { type Homography, mapPoint, meanDistance, type Point } from '../../lib/vision/homography.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

/** graf1 turned by 90° clockwise: (x, y) goes to (639 - y, x). */
const turned = () => sharp(fixture('graf1.png')).rotate(90).png().toBuffer();

test.each([{ detector: 'orb' }, { detector: 'akaze' }, { crossCheck: true }])(
  'a turned image is found with %j',
  async (params) => {
    const { measured } = await run('feature-matching', 'graf1.png', params, await turned());
    const { x, y } = mapPoint(measured.homography.flat() as Homography, { x: 100, y: 200 });
    expect(Math.abs(x - 439)).toBeLessThan(1.5);
    expect(Math.abs(y - 100)).toBeLessThan(1.5);
    expect(measured.inliers).toBeGreaterThan(0.8 * measured.matches);
    expect(measured.meanReprojectionError).toBeLessThan(2);
    expect(measured.corners).toHaveLength(4);
  },
);

test('maxFeatures bounds the keypoints of both detectors', async () => {
  for (const detector of ['orb', 'akaze']) {
    const { keypoints } = (await run('feature-matching', 'graf1.png', { detector, maxFeatures: 200 }, 'graf3.png'))
      .measured;
    expect(Math.max(keypoints.image, keypoints.reference)).toBeLessThanOrEqual(200);
  }
});

test('matches are drawn on both images side by side', async () => {
  const { width, height, measured } = await run('feature-matching', 'box.png', { maxDrawn: 20 }, 'box_in_scene.png');
  expect([width, height]).toEqual([324 + 512, 384]);
  const { pairs, homography } = measured as { pairs: Record<'image' | 'reference', Point>[]; homography: number[][] };
  expect(pairs).toHaveLength(20);
  const mapped = pairs.map(({ image }) => mapPoint(homography.flat() as Homography, image));
  expect(meanDistance(pairs.map(({ reference }, i) => [reference, mapped[i]]))).toBeLessThan(2);
});

test('the warped reference lies on the image', async () => {
  const { bytes, width, height } = await run('feature-matching', 'graf1.png', { output: 'warped' }, await turned());
  expect([width, height]).toEqual([800, 640]);
  const difference = await sharp(bytes)
    .removeAlpha()
    .composite([{ input: fixture('graf1.png'), blend: 'difference' }])
    .raw()
    .toBuffer();
  expect(difference.reduce((sum, value) => sum + value, 0) / difference.length).toBeLessThan(6);
});

test('two images without a common point have no homography, which is no error', async () => {
  const plain = await sharp({ create: { width: 90, height: 90, channels: 3, background: '#444' } })
    .png()
    .toBuffer();
  for (const output of ['matches', 'warped']) {
    const { measured } = await run('feature-matching', 'graf1.png', { output }, plain);
    expect(measured).toMatchObject({ matches: 0, inliers: 0, homography: null, meanReprojectionError: null });
  }
});

test('few matches that agree by chance are no homography, which is said', async () => {
  const { measured } = await run('feature-matching', 'coffee.png', {}, 'box.png');
  expect(measured.inliers).toBeLessThan(10);
  expect(measured).toMatchObject({ homography: null, corners: null, meanReprojectionError: null });
  expect(measured.refusal).toMatch(/^Too few matches agree: \d+ of \d+, and 10 are needed\.$/);
});

test('fewer matches are enough where minInliers says so', async () => {
  const few = { maxFeatures: 120, refine: false };
  const { measured } = await run('feature-matching', 'graf1.png', { ...few, minInliers: 1000 }, await turned());
  expect(measured.homography).toBeNull();
  const enough = { ...few, minInliers: measured.inliers };
  expect((await run('feature-matching', 'graf1.png', enough, await turned())).measured).toMatchObject({
    refusal: null,
    homography: expect.any(Array),
  });
});
