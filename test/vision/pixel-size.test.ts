/** The size of a pixel, as files say it, and the measurements in its unit. */

import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { readDirectory } from '../../lib/imaging/tiff/directory.ts';
import { tiffPixelSize } from '../../lib/imaging/tiff/pixel-size.ts';
import { imageElements, writeDicom } from '../harness/dicom-writer.ts';
import { runSteps } from '../harness/run.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

const options = { maxDepth: 8, alpha: 'kept', maxPixels: 1e6 } as const;
const description = (text: string) => ({ 270: Array.from(Buffer.from(`${text}\0`)) });
const tiff = (fields: Record<number, number[]>, types: Record<number, number> = {}) =>
  readDirectory(
    writeTiff({ width: 2, height: 1, values: [1, 2], fields, types: { 270: 2, 282: 5, 283: 5, ...types } }),
    1,
  );
const sizeOf = (fields: Record<number, number[]>) => {
  const directory = tiff(fields);
  return directory && tiffPixelSize(directory);
};

const ome = (attributes: string) =>
  description(
    `<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" ${attributes} SizeX="2"><Channel/></Pixels></Image></OME>`,
  );

test.each([
  ['OME-XML', ome('PhysicalSizeX="0.1083" PhysicalSizeY="0.2"'), { x: 0.1083, y: 0.2, unit: 'µm', from: 'OME-XML' }],
  [
    'OME-XML with a unit',
    ome('PhysicalSizeX="65" PhysicalSizeXUnit="nm" PhysicalSizeY="65" PhysicalSizeYUnit="nm"'),
    { x: 65, y: 65, unit: 'nm', from: 'OME-XML' },
  ],
  [
    'ImageJ',
    { ...description('ImageJ=1.53t\nunit=micron\nslices=3'), 282: [6_250_000, 1_000_000], 283: [5, 1], 296: [1] },
    { x: 0.16, y: 0.2, unit: 'µm', from: 'ImageJ' },
  ],
  [
    '300 dots an inch',
    { 282: [300, 1], 283: [600, 1], 296: [2] },
    { x: 0.0846666667, y: 0.0423333333, unit: 'mm', from: 'TIFF resolution' },
  ],
  [
    'dots a centimeter',
    { 282: [100, 1], 283: [100, 1], 296: [3] },
    { x: 0.1, y: 0.1, unit: 'mm', from: 'TIFF resolution' },
  ],
  ['a screen', { 282: [72, 1], 283: [72, 1], 296: [2] }, undefined],
  ['no unit', { 282: [5, 1], 283: [5, 1], 296: [1] }, undefined],
  ['a division by 0', { 282: [5, 0], 283: [5, 0], 296: [2] }, undefined],
  ['OME-XML without a size', ome(''), undefined],
  ['nothing', {}, undefined],
] as [string, Record<number, number[]>, object | undefined][])('of %s', (_, fields, expected) => {
  expect(sizeOf(fields)).toEqual(expected);
});

test('of a DICOM file: rows come first; of enhanced objects it is that of the frame', async () => {
  const image = { columns: 2, rows: 1, pixels: Uint8Array.of(1, 2), bits: 8 } as const;
  const plain = imageElements({ ...image, more: [[0x0028_0030, 'DS', '0.7\\0.5']] });
  expect((await decode(writeDicom(plain), options)).pixelSize).toEqual({
    x: 0.5,
    y: 0.7,
    unit: 'mm',
    from: 'DICOM PixelSpacing',
  });
  expect((await decode(writeDicom(imageElements(image)), options)).pixelSize).toBeUndefined();
  const measures = { items: [[[0x0028_0030, 'DS', '0.2\\0.2']]] };
  const enhanced = imageElements({
    ...image,
    more: [[0x5200_9229, 'SQ', { items: [[[0x0028_9110, 'SQ', measures]]] }]] as never,
  });
  expect((await decode(writeDicom(enhanced), options)).pixelSize).toMatchObject({ x: 0.2, y: 0.2 });
});

/** A bright square of 20 pixels, 200 dots a centimeter. */
const square = async () => {
  const pixels = Buffer.alloc(60 * 60, 10);
  for (let y = 20; y < 40; y++) pixels.fill(200, y * 60 + 20, y * 60 + 40);
  const gray = sharp(pixels, { raw: { width: 60, height: 60, channels: 1 } }).toColorspace('b-w');
  return gray.tiff({ xres: 20, yres: 20, resolutionUnit: 'cm' }).toBuffer();
};
const measured = async (...steps: object[]) =>
  (await runSteps(await square(), steps)).measurements.at(-1) as {
    pixelSize?: object;
    objects: { physical?: object }[];
  };

test('objects are measured in the file’s unit, which the answer names, until pixels move', async () => {
  const inFile = await measured({ operation: 'measure-objects' });
  expect(inFile.pixelSize).toEqual({ x: 0.05, y: 0.05, unit: 'mm', from: 'TIFF resolution' });
  expect(inFile.objects).toMatchObject([{ area: 400, physical: { unit: 'mm', area: 1 } }]);
  const asked = await measured({ operation: 'measure-objects', params: { pixelSize: { x: 2, unit: 'µm' } } });
  expect(asked).toMatchObject({ pixelSize: { x: 2, unit: 'µm' }, objects: [{ physical: { unit: 'µm', area: 1600 } }] });
  expect(asked.pixelSize).not.toHaveProperty('from');
  const resized = await measured({ operation: 'resize', params: { width: 120 } }, { operation: 'measure-objects' });
  expect(resized.pixelSize).toBeUndefined();
  expect((await runSteps(await square(), [{ operation: 'invert' }])).input.pixelSize).toMatchObject({ x: 0.05 });
});
