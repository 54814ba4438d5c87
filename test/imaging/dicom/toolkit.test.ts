/** Files that other software has written (DCMTK; see test/fixtures/dicom/make.py) hold the picture that they were made of. */
import { decode } from '../../../lib/imaging/decode.ts';
import { fixture } from '../../harness/fixtures.ts';

const [width, height] = [32, 24];

async function read(name: string) {
  const options = { maxDepth: 16, alpha: 'kept', maxPixels: 50e6 } as const;
  const { data, depth, ...rest } = await decode(fixture(`dicom/${name}.dcm`), options);
  expect(rest).toMatchObject({ width, height, pages: 1 });
  return depth === 16 ? new Uint16Array(data.buffer) : data;
}

const pixels = Array.from({ length: width * height }, (_, i) => ({ x: i % width, y: Math.floor(i / width) }));
const gray = pixels.map(({ x, y }) => 100 * x + 40 * y);
const color = pixels.flatMap(({ x, y }) => [8 * x, 10 * y, 255 - 8 * x]);

/** The largest difference that lossy compression makes, of 4096 and of 256 levels. */
test.each([
  ['gray', 0],
  ['gray-jpeg-extended', 2],
  ['gray-jpeg-spectral-selection', 2],
  ['gray-jpeg-lossless', 0],
  ['gray-jpeg-lossless-sv1', 0],
  ['gray-jpeg-ls', 0],
  ['gray-rle', 0],
  ['gray-deflated', 0],
  ['gray-big-endian', 0],
  ['gray-implicit', 0],
  ['gray-without-meta-information', 0],
  ['color', 0],
  ['color-jpeg-baseline', 8],
  ['color-jpeg-baseline-444', 3],
  ['color-jpeg-extended', 8],
  ['color-jpeg-progressive', 8],
  ['color-jpeg-ls', 0],
  ['color-rle', 0],
  ['color-big-endian', 0],
])('%s: to %i levels', async (name, tolerance) => {
  const samples = await read(name);
  const expected = name.startsWith('gray') ? gray : color;
  expect(samples.length).toBe(expected.length);
  const differences = expected.map((value, i) => Math.abs(value - samples[i]));
  expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
});
