/** The size of a DICOM image is known from its first bytes, before anything is stored or waits for memory. */
import { readImageHeader } from '../../../lib/imaging/image-header.ts';
import { imageElements, type WriteOptions, writeDicom } from '../../harness/dicom-writer.ts';
import { fixture } from '../../harness/fixtures.ts';

const elements = imageElements({ columns: 300, rows: 200, pixels: new Uint8Array(120_000) });

test.each<[string, WriteOptions]>([
  ['explicit', {}],
  ['implicit, without preamble', { transferSyntax: '', preamble: false, explicit: false }],
  ['big-endian', { transferSyntax: '1.2.840.10008.1.2.2', littleEndian: false }],
])('%s', (_, options) => {
  const head = writeDicom(elements, options).subarray(0, 2000);
  expect(readImageHeader(head, 60_000)).toEqual({ contentType: 'application/dicom', width: 300, height: 200 });
  expect(() => readImageHeader(head, 59_999)).toThrow('300 × 200');
});

test('beyond the first bytes, or deflated, it is not known', () => {
  const unknown = { contentType: 'application/dicom', width: null, height: null };
  expect(readImageHeader(writeDicom(elements).subarray(0, 250), 1e6)).toEqual(unknown);
  expect(readImageHeader(fixture('dicom/gray-deflated.dcm'), 1e6)).toEqual(unknown);
});
