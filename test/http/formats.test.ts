/** What a task says of the image that it was made of, once that has been decoded. */
import sharp from 'sharp';
import { imageElements, writeDicom } from '../harness/dicom-writer.ts';
import { writeTiff } from '../harness/tiff-writer.ts';
import { useRunner } from '../harness/use.ts';

const { client } = useRunner();

const values = Float32Array.from({ length: 64 }, (_, i) => i / 126 - 0.25);

test('values that had to be spread over 16 bits are told, with their range', async () => {
  const image = writeTiff({ width: 8, height: 8, values, bits: 32, sampleFormat: 3 });
  const task = await client.run({ image, name: 'heights.tif', fields: { steps: [{ operation: 'gaussian-blur' }] } });
  expect(task).toMatchObject({
    state: 'Succeeded',
    input: { contentType: 'image/tiff', width: 8, height: 8, pages: 1, scaledFrom: { min: -0.25, max: 0.25 } },
  });
  expect(await sharp(await client.result(task)).metadata()).toMatchObject({ depth: 'ushort' });
});

test('a DICOM file without preamble is taken, its frames are counted and its dose is told', async () => {
  const pixels = new Uint8Array(Uint32Array.of(0, 1, 2, 3, 10, 20, 30, 40).buffer);
  const elements = imageElements({ columns: 2, rows: 2, bits: 32, frames: 2, pixels });
  const image = writeDicom(elements, { transferSyntax: '', preamble: false });
  const fields = { steps: [{ operation: 'invert' }], page: '2' };
  const task = await client.run({ image, name: 'dose', fields });
  expect(task).toMatchObject({
    state: 'Succeeded',
    input: { contentType: 'application/dicom', width: 2, height: 2, pages: 2, scaledFrom: { min: 10, max: 40 } },
  });
});

test('an image that is not shown fails with what keeps it from being shown, and is not tried again', async () => {
  const image = writeTiff({ width: 8, height: 8, values: new Float64Array(64), bits: 64, sampleFormat: 3 });
  const task = await client.run({ image, name: 'double.tif', fields: { steps: [{ operation: 'invert' }] } });
  expect(task).toMatchObject({
    state: 'Failed',
    attempts: 1,
    error: { type: 'urn:tessera:problem:unsupported-image', detail: expect.stringContaining('BitsPerSample is 64') },
  });
});
