/** Files as scanners and old software write them: what the picture does not need cannot keep it from being read. */
import { decode } from '../../../lib/imaging/decode.ts';
import { readImageHeader } from '../../../lib/imaging/image-header.ts';
import { type ElementInit, imageElements, type WriteOptions, writeDicom } from '../../harness/dicom-writer.ts';

const [columns, rows] = [5, 4];
const deep = { maxDepth: 16, alpha: 'kept', maxPixels: 50e6 } as const;
const values = Uint16Array.from({ length: columns * rows }, (_, i) => 100 + 37 * i);
const image = (more: ElementInit[] = [], init = {}) =>
  imageElements({ columns, rows, pixels: new Uint8Array(values.buffer), more, ...init });

async function samplesOf(file: Uint8Array): Promise<number[]> {
  expect(readImageHeader(file, 50e6).contentType).toBe('application/dicom');
  const { data, width, height, format } = await decode(file, deep);
  expect({ width, height, format }).toEqual({ width: columns, height: rows, format: 'dicom' });
  return [...new Uint16Array(data.buffer)];
}

/** A header that says more than there is, of a private element. */
const overlong = Buffer.from([0x29, 0x00, 0x10, 0x10, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0x7f]);
/** A private sequence that begins, and whose item is none. */
const brokenSequence = (group: number) =>
  Buffer.concat([
    Buffer.from([group, 0x00, 0x10, 0x10, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from('this is no element of any kind, and it has no end either'),
  ]);
/** The icon of a broken sequence is not the image. */
const brokenWithIcon = (group: number) =>
  Buffer.concat([
    brokenSequence(group),
    writeDicom(imageElements({ columns: 2, rows: 1, bits: 8, pixels: new Uint8Array(2) }).slice(3), {
      transferSyntax: '',
      preamble: false,
    }),
  ]);
const icon: ElementInit = [
  0x0088_0200,
  'SQ',
  { items: [imageElements({ columns: 2, rows: 1, bits: 8, pixels: new Uint8Array(2) })] },
];
const privateContent: ElementInit = [
  0x0009_1010,
  'SQ',
  {
    items: [
      [[0x0009_1011, 'LO', 'one']],
      [
        [0x0009_1011, 'LO', 'two'],
        [0x0028_0010, 'US', 77],
      ],
    ],
  },
];

test.each<[string, ElementInit[]]>([
  ['a date in an old style', [[0x0008_0020, 'DA', '1997.04.24']]],
  [
    'values that are too long for their VR',
    [
      [0x0008_0070, 'SH', 'x'.repeat(3000)],
      [0x0028_1054, 'LO', 'y'.repeat(200)],
    ],
  ],
  ['a number that is too long for its VR', [[0x0018_0050, 'DS', '1.2345678901234567890123']]],
  ['a whole number that is too long for its VR', [[0x0020_0013, 'IS', '123456789012345678']]],
  [
    'a date and time that are too long',
    [
      [0x0008_0012, 'DA', '20260101-20261231-x'],
      [0x0008_0013, 'TM', '1'.repeat(40)],
    ],
  ],
  ['a UID that is too long', [[0x0020_000d, 'UI', '1.'.repeat(60)]]],
  ['several character sets', [[0x0008_0005, 'CS', '\\ISO 2022 IR 87\\ISO 2022 IR 999']]],
  ['a name in undecodable bytes', [[0x0010_0010, 'PN', Uint8Array.of(0xff, 0xfe, 0x1b, 0x24, 0x42, 0x80)]]],
  [
    'numbers that are none',
    [
      [0x0018_0050, 'DS', 'thick'],
      [0x0020_0013, 'IS', '3.5e'],
    ],
  ],
  ['private sequences', [privateContent]],
  ['the image of an icon', [icon]],
  ['a broken private sequence', [brokenSequence(0x19)]],
  ['a broken private sequence with an icon in it', [brokenWithIcon(0x19)]],
  ['a broken private sequence behind the image’s size', [brokenSequence(0x29)]],
  ['the same with an icon in it', [brokenWithIcon(0x29)]],
  ['a private element that is longer than the file', [overlong]],
  ['an element of an unknown VR', [Buffer.from([0x09, 0, 0x20, 0x10, 0x3f, 0x3f, 0, 0, 0, 0, 0, 0])]],
  [
    'a window of width 0',
    [
      [0x0028_1050, 'DS', '40'],
      [0x0028_1051, 'DS', '0'],
    ],
  ],
  [
    'a window that is no number',
    [
      [0x0028_1050, 'DS', 'auto'],
      [0x0028_1051, 'DS', 'auto'],
    ],
  ],
  [
    'slope and intercept with spaces',
    [
      [0x0028_1052, 'DS', ' 0.0  '],
      [0x0028_1053, 'DS', '1 '],
    ],
  ],
  [
    'no BitsStored and no HighBit',
    [
      [0x0028_0101, 'US', []],
      [0x0028_0102, 'US', []],
    ],
  ],
])('%s: the picture is read', async (_, more) => {
  for (const undefinedLength of [false, true]) {
    expect(await samplesOf(writeDicom(image(more), { undefinedLength }))).toEqual([...values]);
  }
});

test.each<[string, WriteOptions]>([
  ['no preamble', { preamble: false }],
  ['no file meta information', { transferSyntax: '' }],
  ['neither', { transferSyntax: '', preamble: false }],
  ['neither, in implicit VR', { transferSyntax: '', preamble: false, explicit: false }],
  ['neither, in big-endian explicit VR', { transferSyntax: '', preamble: false, littleEndian: false }],
  ['implicit VR', { transferSyntax: '1.2.840.10008.1.2', explicit: false }],
  ['implicit VR where explicit is stated', { explicit: false }],
  ['explicit VR where implicit is stated', { transferSyntax: '1.2.840.10008.1.2' }],
  ['the deflated transfer syntax', { transferSyntax: '1.2.840.10008.1.2.1.99', deflate: true }],
])('%s: the picture is read', async (_, options) => {
  const pixels = Buffer.from(values.buffer.slice(0));
  if (options.littleEndian === false) pixels.swap16();
  for (const undefinedLength of [false, true]) {
    const file = writeDicom(image([privateContent, icon], { pixels }), { ...options, undefinedLength });
    expect(await samplesOf(file)).toEqual([...values]);
  }
});

test('a sequence of an unknown VR holds implicit elements', async () => {
  const content = writeDicom([[0x0009_1001, 'SQ', { items: [[[0x0009_1011, 'LO', 'one']]] }]], {
    transferSyntax: '',
    preamble: false,
    explicit: false,
    undefinedLength: true,
  });
  const unknown = Buffer.concat([content.subarray(0, 4), Buffer.from('UN\0\0'), content.subarray(4)]);
  expect(await samplesOf(writeDicom(image([unknown])))).toEqual([...values]);
});

test('a deflated file may not become larger than memory allows', async () => {
  const elements = image([[0x0009_1010, 'OB', Buffer.alloc(300e6)]]);
  const file = writeDicom(elements, { transferSyntax: '1.2.840.10008.1.2.1.99', deflate: true });
  await expect(decode(file, deep)).rejects.toMatchObject({ details: { limit: 2 ** 28 } });
});

test.each<[string, Uint8Array, string]>([
  ['pixel data that end early', writeDicom(image()).subarray(0, -6), 'its pixel data end early'],
  [
    'fewer pixels than rows and columns say',
    writeDicom(image([[0x0028_0010, 'US', rows + 1]])),
    'its pixel data end early',
  ],
  ['no pixel data', writeDicom(image().slice(0, -1)), 'it has no pixel data'],
  ['no rows', writeDicom(image([[0x0028_0010, 'US', 0]])), 'it has no image'],
])('%s: damaged, and said so', async (_, file, reason) => {
  await expect(decode(file, deep)).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:corrupt-image', detail: expect.stringContaining(reason) },
  });
});

test.each([
  ['text', Buffer.from('A text is no image, however long it is. '.repeat(40))],
  ['zeros', Buffer.alloc(1000)],
  ['small numbers', Buffer.from(Uint16Array.from({ length: 200 }, (_, i) => i).buffer)],
])('%s is not taken for DICOM', (_, bytes) => {
  expect(() => readImageHeader(bytes, 50e6)).toThrow('is not a JPEG');
});
