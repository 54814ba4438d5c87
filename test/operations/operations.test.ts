/** What holds for every operation in the registry. */
import sharp from 'sharp';
import { z } from 'zod';
import type { ImageResult } from '../../lib/imaging/engine-thread.ts';
import { operations } from '../../lib/operations/registry.ts';
import { Problem } from '../../lib/problems.ts';
import type { Operation } from '../../lib/vision/declaration/operation.ts';
import { cv } from '../../lib/vision/opencv.ts';
import { fixture } from '../harness/fixtures.ts';
import { liveObjects } from '../harness/live-objects.ts';
import { run, runSteps } from '../harness/run.ts';

const all = [...operations.values()].map((operation) => [operation.name, operation] as const);

/** Parameters for operations that have no default for all of theirs. */
const examples: Record<string, object> = {
  resize: { width: 120 },
  redact: { areas: [{ left: 10, top: 20, width: 60, height: 40 }] },
  perspective: {
    corners: [
      [10, 10],
      [300, 30],
      [280, 200],
      [20, 180],
    ],
  },
};

/** A second image that goes with the first: itself, or for a template a part of it. */
async function referenceFor(operation: Operation, image: Buffer): Promise<Buffer | undefined> {
  if (operation.inputs.length === 1) return undefined;
  if (operation.name === 'color-table') return Buffer.from('LUT_1D_SIZE 2\n1 1 1\n0 0 0\n');
  if (operation.name !== 'template-matching') return image;
  const { width, height } = await sharp(image).metadata();
  return sharp(image)
    .extract({ left: 0, top: 0, width: Math.ceil(width / 3), height: Math.ceil(height / 3) })
    .png()
    .toBuffer();
}

/** What an operation cannot do with an image it says as a problem of this kind. */
const refusal = expect.objectContaining({ type: 'urn:tessera:problem:operation-failed' });

const inputs = {
  'a gray image': () => fixture('box.png'),
  'a color image': () => sharp(fixture('fruits.jpg')).resize(200).png().toBuffer(),
  'a transparent image': () => sharp(fixture('box.png')).ensureAlpha(0.5).toColorspace('srgb').png().toBuffer(),
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

/** Too small for some operations, or without anything to align. */
const tiny = new Set(['a single pixel', 'one row', 'a 16-bit image']);

/** Those that refuse a gray image: it has no stains. */
const colorOnly = new Set(['stain-unmixing']);
const gray = new Set(['a gray image', 'a 16-bit image']);

describe.each(all)('%s', (name, operation) => {
  const runOn = async (image: Buffer) => run(name, image, examples[name], await referenceFor(operation, image));

  test.each(Object.entries(inputs))('takes %s, or says why not', async (kind, image) => {
    const outcome = await runOn(await image()).catch((error: unknown) => error);
    if (outcome instanceof Problem && (tiny.has(kind) || (colorOnly.has(name) && gray.has(kind)))) {
      expect(outcome.details).toEqual(refusal);
    } else {
      if (outcome instanceof Error) throw outcome;
      const { bytes, width, height } = outcome as ImageResult;
      expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
      const measures = (operation.measures ?? z.object({})).strict();
      expect(measures.safeParse((outcome as ImageResult).measurements[0]).error).toBeUndefined();
    }
  });

  test('declares itself: a title, a group, what it is for and where it comes from', () => {
    expect(operation.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const text of [operation.title, operation.group, operation.summary, operation.source])
      expect(text).not.toBe('');
    expect(operation.summary).toMatch(/\.$/);
  });

  test('leaves nothing on the heap', async () => {
    const image = colorOnly.has(name) ? await inputs['a color image']() : fixture('box.png');
    await runOn(image);
    const before = liveObjects();
    for (let i = 0; i < 3; i++) await runOn(image);
    expect(liveObjects()).toBe(before);
  });
});

test('an error leaves nothing on the heap either', async () => {
  // Equalization takes 8 bits, label images have 16.
  const steps = [{ operation: 'watershed', params: { output: 'labels' } }, { operation: 'equalize' }];
  const fail = () => expect(runSteps('coins.png', steps)).rejects.toThrow(/equalize/);
  await fail();
  const before = liveObjects();
  for (let i = 0; i < 5; i++) await fail();
  expect(liveObjects()).toBe(before);
});
