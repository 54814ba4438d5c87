/** Faces that a person could recognize are hidden, also where they are small in a large picture. */
import sharp from 'sharp';
import { processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import type { Box } from '../../lib/vision/boxes.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

/** Where the face is in astronaut.png. */
const face: Box = { x: 177, y: 72, width: 96, height: 100 };

/** Portraits in a row, their faces `size` pixels wide, in a picture of 1600 × 1200; and where the faces are. */
async function crowd(size: number) {
  const scale = size / face.width;
  const portrait = await sharp(fixture('astronaut.png'))
    .extract({ left: 100, top: 0, width: 250, height: 250 })
    .resize(Math.round(250 * scale))
    .toBuffer();
  const places = [
    { left: 90, top: 130 },
    { left: 700, top: 160 },
    { left: 1300, top: 100 },
    { left: 240, top: 820 },
    { left: 860, top: 900 },
    { left: 1380, top: 780 },
  ];
  const image = await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#8a8f94' } })
    .composite(places.map((place) => ({ input: portrait, ...place })))
    .png()
    .toBuffer();
  const boxes = places.map(({ left, top }) => ({
    x: left + (face.x - 100) * scale,
    y: top + face.y * scale,
    width: face.width * scale,
    height: face.height * scale,
  }));
  return { image, boxes };
}

/** The part of the face that lies in the hidden rectangle. */
function covered(face: Box, hidden: Box): number {
  const width = Math.min(face.x + face.width, hidden.x + hidden.width) - Math.max(face.x, hidden.x);
  const height = Math.min(face.y + face.height, hidden.y + hidden.height) - Math.max(face.y, hidden.y);
  return (Math.max(0, width) * Math.max(0, height)) / (face.width * face.height);
}

test('faces of 45 pixels in a picture of 1600 × 1200 are all hidden, and the answer says how small a face was searched for', async () => {
  const { image, boxes } = await crowd(45);
  const { measured } = await run('redact-faces', image);
  for (const box of boxes) {
    expect(Math.max(...measured.boxes.map((hidden: Box) => covered(box, hidden)))).toBeGreaterThan(0.9);
  }
  expect(measured.smallestFaceSearched).toBe(40);
});

test('a face that is found is hidden, though it is smaller than what was searched for', async () => {
  const { image, boxes } = await crowd(120);
  const { measured } = await run('redact-faces', image, { minSize: 400 });
  expect(measured.boxes.length).toBeGreaterThan(0);
  for (const hidden of measured.boxes)
    expect(Math.max(...boxes.map((box) => covered(box, hidden)))).toBeGreaterThan(0.5);
});

test.each(['pixelate', 'blur', 'fill'])('after %s no face is found, and the rest is untouched', async (method) => {
  const { bytes, measured } = await run('redact-faces', 'astronaut.png', { method });
  expect(measured.count).toBe(1);
  const [{ x, y, width, height }] = measured.boxes;
  // The head, hair included.
  expect(x < 177 && y < 60 && x + width > 177 + 96 && y + height > 172).toBe(true);
  expect(width * height).toBeLessThan(4 * 96 * 100);
  expect((await run('face-detection', bytes)).measured.faces).toEqual([]);
  const corner = (file: Uint8Array) =>
    sharp(file, { ignoreIcc: true }).extract({ left: 300, top: 300, width: 200, height: 200 }).raw().toBuffer();
  expect((await corner(bytes)).equals(await corner(fixture('astronaut.png')))).toBe(true);
});

test('a hundred megapixels are not called anonymous where faces are too small to be searched for', async () => {
  const image = await sharp({ create: { width: 12_500, height: 8000, channels: 3, background: '#456' } })
    .jpeg()
    .toBuffer();
  const steps = parseSteps([{ operation: 'redact-faces', params: { minSize: 16 } }]);
  await expect(processImage({ image, steps, output: {}, maxPixels: 100e6 })).rejects.toMatchObject({
    details: {
      field: 'minSize',
      limit: expect.any(Number),
      detail: expect.stringMatching(/minSize must be at least \d+, not 16/),
    },
  });
});
