import sharp from 'sharp';
import { type Box, overlap } from '../../lib/vision/boxes.ts';
import { collage, found } from '../harness/collage.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

/** Where the face is in astronaut.png. */
const face: Box = { x: 177, y: 72, width: 96, height: 100 };

/** astronaut.png, scaled, at a place in a large landscape. */
async function inLandscape(scale: number, left: number, top: number) {
  const size = Math.round(512 * scale);
  const portrait = await sharp(fixture('astronaut.png')).resize(size).toBuffer();
  const landscape = sharp(fixture('graf1.png')).resize(1600, 1280);
  const image = await landscape
    .composite([{ input: portrait, left, top }])
    .png()
    .toBuffer();
  const box = {
    x: left + face.x * scale,
    y: top + face.y * scale,
    width: face.width * scale,
    height: face.height * scale,
  };
  return { image, box };
}

test('a small face in a large picture is found by looking at parts of it', async () => {
  const { image, box } = await inLandscape(0.5, 1200, 900);
  const { faces } = (await run('face-detection', image, { minSize: 40 })).measured;
  expect(faces).toHaveLength(1);
  expect(overlap(faces[0].box, box)).toBeGreaterThan(0.5);
});

describe('faces whose number is known are found', () => {
  const medium = { width: 1600, height: 1200, count: 12 };
  test.each([
    ['from 40 pixels on', { ...medium, size: [40, 120] }, 0.95],
    ['in 12 megapixels', { width: 4000, height: 3000, count: 12, size: [40, 400] }, 0.95],
    ['turned by up to 20°', { ...medium, size: [40, 120], angle: 20 }, 0.9],
    ['in the dark', { ...medium, size: [40, 120], light: 0.3 }, 0.9],
  ] as const)('%s', async (_, options, recall) => {
    const { image, faces } = await collage({ ...options, size: [...options.size] });
    const { measured } = await run('face-detection', image);
    const boxes = measured.faces.map(({ box }: { box: Box }) => box);
    expect(found(faces, boxes).found).toBeGreaterThanOrEqual(recall * faces.length);
    expect(measured).toMatchObject({ count: boxes.length, smallestFaceSearched: 40 });
  });
});

test('photos without faces have none', async () => {
  const photos = ['coins.png', 'box.png', 'box_in_scene.png', 'graf1.png', 'graf3.png', 'leuvenA.jpg', 'leuvenB.jpg'];
  let alarms = 0;
  for (const photo of [...photos, 'fruits.jpg', 'chelsea.png', 'coffee.png'])
    alarms += (await run('face-detection', photo)).measured.count;
  expect(alarms).toBe(0);
});

test('a face that fills the picture is found once', async () => {
  const close = await sharp(fixture('astronaut.png'))
    .extract({ left: 145, top: 30, width: 160, height: 170 })
    .resize(900)
    .png()
    .toBuffer();
  const { faces } = (await run('face-detection', close)).measured;
  expect(faces).toHaveLength(1);
  expect(faces[0].box.width).toBeGreaterThan(400);
});

test('the landmarks lie in the face, and the box is drawn where it is said to be', async () => {
  const { bytes, measured } = await run('face-detection', 'astronaut.png');
  const [{ box, landmarks }] = measured.faces;
  for (const name of ['rightEye', 'leftEye', 'nose', 'mouth']) {
    expect(landmarks[name].x).toBeGreaterThan(box.x);
    expect(landmarks[name].x).toBeLessThan(box.x + box.width);
  }
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.round(box.y) * info.width + Math.round(box.x + box.width / 3)) * info.channels;
  const [red, green] = data.subarray(at, at + 2);
  expect(green).toBeGreaterThan(red + 60);
});

test('Haar gives the boxes of the cascade, without landmarks', async () => {
  const { faces } = (await run('face-detection', 'astronaut.png', { model: 'haar' })).measured;
  expect(faces).toHaveLength(1);
  expect(overlap(faces[0].box, { x: 177, y: 66, width: 95, height: 95 })).toBeGreaterThan(0.9);
  expect(faces[0]).toMatchObject({ landmarks: null });
  expect(faces[0].score).toBeGreaterThanOrEqual(5);
});
