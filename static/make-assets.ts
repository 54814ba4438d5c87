/** Makes what the page shows or needs besides its own files: an example of each operation, samples, models. */
import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import sharp from 'sharp';
import { processImage } from '../lib/imaging/engine-thread.ts';
import { readModelFile } from '../lib/imaging/model-files.ts';
import { parseSteps } from '../lib/imaging/steps.ts';
import { operations } from '../lib/operations/registry.ts';
import { projectRoot } from '../lib/project-root.ts';
import { modelFiles, setModelReader } from '../lib/vision/models.ts';
import { loadOpenCv } from '../lib/vision/opencv.ts';
import samples from './compose/samples.json' with { type: 'json' };

const out = join(projectRoot, 'dist/static');
const fixtures = join(projectRoot, 'test/fixtures');

interface Example {
  sample: string;
  reference?: string;
  params?: object;
}

/** What shows best what an operation does, where that is not the fruit. */
const chosen = JSON.parse(readFileSync(join(projectRoot, 'static/examples.json'), 'utf8')) as Record<string, Example>;
const usual: Example = { sample: 'fruits.jpg' };
const exampleSide = 480;
const sampleSide = 560;
const shownWidth = 288;

for (const folder of ['examples', 'models', 'samples']) mkdirSync(join(out, folder), { recursive: true });
for (const { file, reference } of samples) {
  await writeSample(file);
  if (reference !== undefined) await writeSample(reference);
}
copyFileSync(join(fixtures, 'README.md'), join(out, 'samples/README.md'));
for (const file of modelFiles) writeFileSync(join(out, 'models', file), readModelFile(file));
copyFileSync(join(projectRoot, 'dist/kernels.wasm'), join(out, 'kernels.wasm'));
copyFileSync(join(projectRoot, 'assets/README.md'), join(out, 'models/README.md'));

/** Of the fixture of the same name: small, as each visitor's browser loads all of them. */
async function writeSample(file: string): Promise<void> {
  const [fixture] = globSync(`${parse(file).name}.{jpg,png}`, { cwd: fixtures });
  await sharp(join(fixtures, fixture))
    .resize(sampleSide, sampleSide, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 65, effort: 6 })
    .toFile(join(out, 'samples', file));
}

/** Second images that are no file. */
const made: Record<string, () => Promise<Buffer>> = {
  scratches: () => plate(480, 320, '#000', [plate(380, 9, '#fff'), plate(9, 240, '#fff')]),
  /** Warm lights, cold shadows, less contrast. */
  look: async () => Buffer.from('LUT_1D_SIZE 3\n0.02 0.05 0.14\n0.52 0.47 0.44\n1 0.94 0.8\n'),
  logo: async () =>
    sharp(await plate(300, 120, '#ffffff', [plate(260, 80, '#20527a')]))
      .png()
      .toBuffer(),
  cutting: async () =>
    sharp(await read('fruits.jpg'))
      .extract({ left: 150, top: 130, width: 110, height: 100 })
      .png()
      .toBuffer(),
};

/** A plain picture with others in its middle. */
async function plate(width: number, height: number, background: string, onIt: Promise<Buffer>[] = []): Promise<Buffer> {
  const inputs = await Promise.all(onIt);
  return sharp({ create: { width, height, channels: 3, background } })
    .composite(inputs.map((input) => ({ input })))
    .png()
    .toBuffer();
}

function read(file: string): Promise<Buffer> {
  if (file in made) return made[file]();
  return sharp(join(fixtures, file)).resize(exampleSide, exampleSide, { fit: 'inside' }).png().toBuffer();
}

await loadOpenCv();
setModelReader(readModelFile);
for (const name of operations.keys()) {
  const { sample, reference, params = {} } = chosen[name] ?? usual;
  const steps = parseSteps([{ operation: name, params }]);
  const job = { image: await read(sample), steps, output: {}, maxPixels: 1e7 };
  const result = await processImage({ ...job, ...(reference !== undefined && { reference: await read(reference) }) });
  await sharp(result.bytes)
    .resize(shownWidth, Math.round((shownWidth * 2) / 3), {
      fit: 'cover',
      position: sample === 'astronaut.png' ? 'top' : 'center',
    })
    .webp({ quality: 70 })
    .toFile(join(out, 'examples', `${name}.webp`));
}
// OpenCV keeps the process alive.
process.exit(0);
