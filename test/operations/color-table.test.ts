import sharp from 'sharp';
import { readImageHeader } from '../../lib/imaging/image-header.ts';
import { rgb } from '../harness/drawing.ts';
import { fixture } from '../harness/fixtures.ts';
import { run } from '../harness/run.ts';

type Color = [r: number, g: number, b: number];

/** A `.cube` file of what `look` makes of each color, 0 to 1. */
function cube(size: number, look: (color: Color) => Color): Buffer {
  const lines = ['# A look', 'TITLE "Test"', `LUT_3D_SIZE ${size}`, 'DOMAIN_MIN 0.0 0.0 0.0', 'DOMAIN_MAX 1.0 1.0 1.0'];
  const at = (i: number) => i / (size - 1);
  for (let b = 0; b < size; b++)
    for (let g = 0; g < size; g++)
      for (let r = 0; r < size; r++)
        lines.push(
          look([at(r), at(g), at(b)])
            .map((value) => value.toFixed(6))
            .join(' '),
        );
  return Buffer.from(`${lines.join('\r\n')}\r\n`);
}

const mixed = ([r, g, b]: Color): Color => [0.2 + 0.7 * b, 1 - r, 0.5 * r + 0.5 * g];

/** The largest difference from what the look makes of the photo, in levels. */
async function worst(result: Uint8Array, look: (color: Color) => Color): Promise<number> {
  const [before, after] = [await rgb(fixture('coffee.png')), await rgb(result)];
  let most = 0;
  for (let i = 0; i < before.length; i += 3) {
    const wanted = look([before[i] / 255, before[i + 1] / 255, before[i + 2] / 255]);
    for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(after[i + c] - 255 * wanted[c]));
  }
  return most;
}

test.each([2, 5, 33])('a linear look is exact between the entries of a table of %i', async (size) => {
  const { bytes, measured } = await run('color-table', 'coffee.png', {}, cube(size, mixed));
  expect(measured).toEqual({ tableSize: size, tableDimensions: 3 });
  expect(await worst(bytes, mixed)).toBeLessThan(0.51);
});

test('strength mixes the look with the picture', async () => {
  const half = (color: Color): Color => mixed(color).map((value, c) => (value + color[c]) / 2) as Color;
  const { bytes } = await run('color-table', 'coffee.png', { strength: 50 }, cube(17, mixed));
  expect(await worst(bytes, half)).toBeLessThan(0.51);
});

test('a table of one dimension, and a Hald picture', async () => {
  const negative = ([r, g, b]: Color): Color => [1 - r, 1 - g, 1 - b];
  const row = Buffer.from('LUT_1D_SIZE 2\n1 1 1\n0 0 0\n');
  expect(await worst((await run('color-table', 'coffee.png', {}, row)).bytes, negative)).toBeLessThan(0.51);
  // Level 4: 16 × 16 × 16 colors.
  const samples = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => {
    const [entry, c] = [Math.floor(i / 3), i % 3];
    return 255 - Math.round((255 * (Math.floor(entry / 16 ** c) % 16)) / 15);
  });
  const hald = await sharp(samples, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer();
  expect(await worst((await run('color-table', 'coffee.png', {}, hald)).bytes, negative)).toBeLessThan(1.01);
});

test('a file is told as a table by its beginning', () => {
  expect(readImageHeader(cube(5, mixed), 1e6)).toEqual({ contentType: 'application/x-cube-lut', width: 25, height: 5 });
  for (const text of ['TITLE "no table"\n', 'LUT_3D_SIZE x\n', 'Hello LUT_3D_SIZE 5\n'])
    expect(() => readImageHeader(Buffer.from(text), 1e6)).toThrow(/not a JPEG/);
});

test.each([
  ['a picture', 'box.png', /no table of colors/],
  ['entries that are missing', cube(5, mixed).subarray(0, 2000), /entries, and its size says 125|is no entry/],
  ['another domain', Buffer.from('LUT_3D_SIZE 2\nDOMAIN_MAX 2 2 2\n'), /DOMAIN_MAX is 2 2 2; 1 1 1 is read/],
  ['a size beyond the limit', Buffer.from('LUT_3D_SIZE 500\n'), /LUT_3D_SIZE is 500; 2 to 129 are supported/],
])('%s: refused, with the reason', async (_, table, reason) => {
  await expect(run('color-table', 'coffee.png', {}, table)).rejects.toThrow(reason);
});
