/** What holds for every operation in the registry. */
import sharp from 'sharp';
import { cv } from '../../lib/operations/cv.ts';
import { operations } from '../../lib/operations/registry.ts';
import { fixture } from '../harness/fixtures.ts';
import { liveObjects } from '../harness/live-objects.ts';
import { run, runSteps } from '../harness/run.ts';

const all = [...operations.values()].map((operation) => [operation.name, operation] as const);
const referenceOf = (inputs: readonly string[]) => (inputs.length === 2 ? 'box_in_scene.png' : undefined);

const inputs = {
  'a gray image': () => fixture('box.png'),
  'a colour image': () => sharp(fixture('fruits.jpg')).resize(200).png().toBuffer(),
  'a transparent image': () => sharp(fixture('box.png')).ensureAlpha(0.5).toColourspace('srgb').png().toBuffer(),
  'a 16-bit image': () => fixture('chessboard_GRAY_U16.tif'),
  'a single pixel': () =>
    sharp({ create: { width: 1, height: 1, channels: 3, background: '#123' } })
      .png()
      .toBuffer(),
  'one row': () => sharp(fixture('box.png')).extract({ left: 0, top: 50, width: 300, height: 1 }).png().toBuffer(),
};

test('an object that is not deleted counts', () => {
  const before = liveObjects();
  const mat = new cv.Mat(2, 2, cv.CV_8UC1);
  const row = mat.row(0);
  expect(liveObjects()).toBe(before + 2);
  row.delete();
  mat.delete();
  expect(liveObjects()).toBe(before);
});

describe.each(all)('%s', (name, operation) => {
  test.each(Object.entries(inputs))('takes %s', async (_, image) => {
    const { bytes, width, height } = await run(name, await image(), {}, referenceOf(operation.inputs));
    expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
  });

  test('declares itself: a title, a group, what it is for and where it comes from', () => {
    expect(operation.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const text of [operation.title, operation.group, operation.summary, operation.source])
      expect(text).not.toBe('');
    expect(operation.summary).toMatch(/\.$/);
  });

  test('leaves nothing on the heap', async () => {
    const reference = referenceOf(operation.inputs);
    await run(name, 'box.png', {}, reference);
    const before = liveObjects();
    for (let i = 0; i < 5; i++) await run(name, 'box.png', {}, reference);
    expect(liveObjects()).toBe(before);
  });
});

test('an error leaves nothing on the heap either', async () => {
  // Equalisation takes 8 bits, label images have 16.
  const steps = [{ operation: 'watershed', params: { output: 'labels' } }, { operation: 'equalize' }];
  const fail = () => expect(runSteps('coins.png', steps)).rejects.toThrow(/equalize/);
  await fail();
  const before = liveObjects();
  for (let i = 0; i < 5; i++) await fail();
  expect(liveObjects()).toBe(before);
});
