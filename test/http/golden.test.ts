/** The whole way, HTTP → queue → OpenCV → blob, against native OpenCV's results. */

import { overlap } from '../../lib/vision/boxes.ts';
import { type Homography, mapPoint } from '../../lib/vision/homography.ts';
import { request } from '../harness/client.ts';
import { fixture, golden } from '../harness/fixtures.ts';
import { graySha256 } from '../harness/pixels.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

const images = Object.entries(golden.images);
const l2 = { lowThreshold: 50, highThreshold: 150, apertureSize: 3, l2Gradient: true };

async function resultOf(name: string, steps: { operation: string; params?: object }[]) {
  const task = await client.run({ image: fixture(name), name, fields: { steps } });
  expect(task.error).toBeNull();
  return { task, sha256: await graySha256(await client.result(task)) };
}

describe.each(images)('%s', (name, reference) => {
  test('gray equals native OpenCV bit for bit', async () => {
    const { task, sha256 } = await resultOf(name, [{ operation: 'grayscale' }]);
    expect(sha256).toBe(reference.graySha256);
    expect(task.result).toMatchObject({ width: reference.width, height: reference.height });
  });

  test.each([
    ['100 to 200', { lowThreshold: 100, highThreshold: 200 }, reference.canny_100_200],
    ['50 to 150, L2', l2, reference.canny_50_150_L2],
  ])('Canny edges of %s equal native OpenCV bit for bit', async (_, params, edges) => {
    const { task, sha256 } = await resultOf(name, [{ operation: 'canny', params }]);
    expect(sha256).toBe(edges.sha256);
    expect(task.measurements[0].edgePixels).toBe(edges.edgePixels);
    expect(task.measurements[0].edgeFraction).toBeCloseTo(edges.edgePixels / (reference.width * reference.height), 10);
  });

  test.each([
    ['gaussian-blur', reference.gaussian5_sha256],
    ['median-blur', reference.median5_sha256],
    ['equalize', reference.equalize_sha256],
  ])('%s of the gray image equals native OpenCV bit for bit', async (operation, expected) => {
    const { sha256 } = await resultOf(name, [{ operation: 'grayscale' }, { operation }]);
    expect(sha256).toBe(expected);
  });

  test("watershed as in OpenCV's tutorial gives native OpenCV's segments and boundaries", async () => {
    const { segments, boundaryPixels, otsu: threshold, foregroundRatio } = reference.watershed;
    const cleaning = { flatten: false, blur: 0, opening: 2, fillHoles: false, minArea: 0 };
    const params = { method: 'tutorial', objects: 'bright', foregroundOf: 'image', foregroundRatio, ...cleaning };
    const task = await client.run(request(name, 'watershed', params));
    expect(task.measurements[0]).toMatchObject({ segments, boundaryPixels, threshold });
  });

  test('the Haar cascade finds as many faces as in native OpenCV', async () => {
    const task = await client.run(request(name, 'face-detection', { model: 'haar', minSize: 16 }));
    expect(task.measurements[0].faces).toHaveLength(reference.haarFaces.length);
  });
});

test('coins.png has its 24 coins', async () => {
  const task = await client.run(request('coins.png', 'watershed'));
  expect(task.measurements[0].count).toBe(24);
  expect(task.measurements[0].objects).toHaveLength(24);
});

test.each([
  ['box.png', 'box_in_scene.png'],
  ['graf1.png', 'graf3.png'],
])('%s is found in %s with the inliers of native OpenCV', async (image, reference) => {
  const native = golden.pairs[`${image} ${reference}`];
  const { measurements } = await client.run(request(image, 'feature-matching', { refine: false }, reference));
  const [{ inliers, matches, meanReprojectionError }] = measurements;
  expect(inliers).toBeGreaterThanOrEqual(0.8 * native.inliers);
  expect(matches).toBeGreaterThanOrEqual(inliers);
  expect(meanReprojectionError).toBeLessThan(4);
});

test('box.png lies in box_in_scene.png where native OpenCV finds it', async () => {
  const { measurements } = await client.run(
    request('box.png', 'feature-matching', { refine: false }, 'box_in_scene.png'),
  );
  const native = golden.pairs['box.png box_in_scene.png'];
  const { width, height } = golden.images['box.png'];
  expect(worstCorner(measurements[0].homography, native.homography, width, height)).toBeLessThan(2);
});

test('the homography from graf1 to graf3 is nearer to the true one than that of native OpenCV', async () => {
  const [, data] = /<data>([^<]*)<\/data>/.exec(fixture('H1to3p.xml').toString()) ?? [];
  const truth = [data.trim().split(/\s+/).map(Number)];
  const native = worstCorner(golden.pairs['graf1.png graf3.png'].homography, truth, 800, 640);
  for (const [params, part] of [
    [{}, 0.5],
    [{ refine: false }, 1],
  ] as const) {
    const { measurements } = await client.run(request('graf1.png', 'feature-matching', params, 'graf3.png'));
    expect(worstCorner(measurements[0].homography, truth, 800, 640)).toBeLessThan(part * native);
  }
});

/** How far apart the two map the worst of the image's corners, in pixels. */
function worstCorner(a: number[][], b: number[][], width: number, height: number): number {
  const [from, to] = [a.flat() as Homography, b.flat() as Homography];
  const corners = [0, width].flatMap((x) => [0, height].map((y) => ({ x, y })));
  return Math.max(
    ...corners.map((corner) => {
      const [p, q] = [mapPoint(from, corner), mapPoint(to, corner)];
      return Math.hypot(p.x - q.x, p.y - q.y);
    }),
  );
}

test('astronaut.png has one face, where the Haar cascade sees it', async () => {
  const { measurements } = await client.run(request('astronaut.png', 'face-detection'));
  expect(measurements[0].faces).toHaveLength(1);
  const [{ box, score, landmarks }] = measurements[0].faces;
  const [x, y, width, height] = golden.images['astronaut.png'].haarFaces[0];
  expect(overlap(box, { x, y, width, height })).toBeGreaterThanOrEqual(0.5);
  expect(score).toBeGreaterThan(0.6);
  // In the picture, the person's right eye is on the left, and the mouth under the nose.
  expect(landmarks.rightEye.x).toBeLessThan(landmarks.leftEye.x);
  expect(landmarks.mouth.y).toBeGreaterThan(landmarks.nose.y);
});

test.each(['coins.png', 'graf1.png', 'coffee.png'])('%s has no face', async (name) => {
  const { measurements } = await client.run(request(name, 'face-detection'));
  expect(measurements[0].faces).toEqual([]);
});
