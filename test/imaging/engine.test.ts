import sharp from 'sharp';
import { Engine } from '../../lib/imaging/engine.ts';
import { parseSteps } from '../../lib/operations/steps.ts';
import { fixture } from '../harness/fixtures.ts';

const maxPixels = 50e6;
const edges = { image: fixture('coins.png'), steps: parseSteps([{ operation: 'canny' }]), output: {}, maxPixels };

async function withEngine(
  options: Partial<ConstructorParameters<typeof Engine>[0]>,
  use: (engine: Engine) => Promise<void>,
) {
  const engine = new Engine({ threads: 1, timeLimitMs: 60_000, maxHeapBytes: 2 ** 30, ...options });
  try {
    await use(engine);
  } finally {
    await engine.close();
  }
}

/** Many small faces to look for in a large picture: minutes of work. */
async function endless() {
  const image = await sharp(fixture('graf1.png')).resize(4000).png().toBuffer();
  return {
    image,
    steps: parseSteps([{ operation: 'face-detection', params: { minSize: 16 } }]),
    output: {},
    maxPixels,
  };
}

test('more jobs than threads all get their turn', async () => {
  await withEngine({ threads: 2 }, async (engine) => {
    const results = await Promise.all(Array.from({ length: 12 }, () => engine.run(edges)));
    expect(new Set(results.map(({ measurements }) => JSON.stringify(measurements))).size).toBe(1);
  });
});

test('a job over its time limit is ended with the limit stated, and the next one runs', async () => {
  await withEngine({ timeLimitMs: 3000 }, async (engine) => {
    await expect(engine.run(await endless())).rejects.toMatchObject({
      details: { type: 'urn:tessera:problem:time-limit-exceeded', seconds: 3, detail: expect.stringContaining('3 s') },
    });
    await expect(engine.run(edges)).resolves.toMatchObject({ width: 384 });
  });
});

test('waiting for a thread does not count as working', async () => {
  await withEngine({ timeLimitMs: 4000 }, async (engine) => {
    const long = engine.run(await endless()).catch(() => 'ended');
    await expect(engine.run(edges)).resolves.toMatchObject({ width: 384 });
    expect(await long).toBe('ended');
  });
});

test("an image's fault is its own; the thread goes on", async () => {
  await withEngine({}, async (engine) => {
    const broken = { ...edges, image: fixture('truncated.jpg') };
    await expect(engine.run(broken)).rejects.toMatchObject({ details: { type: 'urn:tessera:problem:corrupt-image' } });
    await expect(engine.run(edges)).resolves.toMatchObject({ width: 384 });
  });
});

test('a thread whose memory has grown past the limit is replaced, and jobs do not notice', async () => {
  // OpenCV starts with 128 MB, so that each job is past this limit.
  await withEngine({ maxHeapBytes: 1 }, async (engine) => {
    for (let i = 0; i < 3; i++) await expect(engine.run(edges)).resolves.toMatchObject({ width: 384 });
  });
});
