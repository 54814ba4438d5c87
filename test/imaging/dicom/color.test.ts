/** Color DICOM pictures come out in their colors. */
import { decode } from '../../../lib/imaging/decode.ts';
import type { DecodeOptions } from '../../../lib/imaging/pixels.ts';
import { type ElementInit, imageElements, writeDicom } from '../../harness/dicom-writer.ts';

const options = (maxDepth: 8 | 16): DecodeOptions => ({ maxDepth, alpha: 'kept', maxPixels: 50e6 });
const bytesOf = ({ buffer }: Uint16Array) => new Uint8Array(buffer);

async function read(elements: ElementInit[], maxDepth: 8 | 16, littleEndian = true) {
  const transferSyntax = littleEndian ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2.2';
  const file = writeDicom(elements, { littleEndian, transferSyntax });
  const { data, depth, channels } = await decode(file, options(maxDepth));
  expect(channels).toBe(3);
  return { depth, samples: depth === 16 ? [...new Uint16Array(data.buffer)] : [...data] };
}

test('16-bit color keeps its depth where 16 bits are wanted, and is scaled to 8 where not', async () => {
  const pixels = bytesOf(Uint16Array.of(0, 32_768, 65_535, 257, 514, 60_000));
  const elements = imageElements({ columns: 2, rows: 1, samples: 3, model: 'RGB', pixels });
  expect(await read(elements, 16)).toEqual({ depth: 16, samples: [0, 32_768, 65_535, 257, 514, 60_000] });
  expect(await read(elements, 8)).toEqual({ depth: 8, samples: [0, 128, 255, 1, 2, 233] });
});

test('12-bit color is spread over 16 bits', async () => {
  const pixels = bytesOf(Uint16Array.of(0, 2048, 4095));
  const elements = imageElements({ columns: 1, rows: 1, samples: 3, stored: 12, model: 'RGB', pixels });
  expect(await read(elements, 16)).toEqual({ depth: 16, samples: [0, Math.round((2048 * 65_535) / 4095), 65_535] });
});

/** Red, green, gray and white of ITU-R BT.601 in the full range. */
const ybr = [
  [76, 85, 255],
  [150, 44, 21],
  [100, 128, 128],
  [255, 128, 128],
];
const rgb = [254, 0, 0, 0, 255, 1, 100, 100, 100, 255, 255, 255];

test.each([
  ['interleaved', 0, ybr.flat()],
  ['by planes', 1, [0, 1, 2].flatMap((c) => ybr.map((pixel) => pixel[c]))],
])('YBR_FULL, %s', async (_, configuration, pixels) => {
  const more: ElementInit[] = [[0x0028_0006, 'US', configuration]];
  const elements = imageElements({
    columns: 2,
    rows: 2,
    bits: 8,
    samples: 3,
    model: 'YBR_FULL',
    more,
    pixels: Uint8Array.from(pixels),
  });
  expect((await read(elements, 8)).samples).toEqual(rgb);
});

test('uncompressed YBR_FULL_422: two pixels share their chrominances', async () => {
  const pixels = Uint8Array.of(76, 150, 85, 255, 100, 200, 128, 128);
  const elements = imageElements({ columns: 4, rows: 1, bits: 8, samples: 3, model: 'YBR_FULL_422', pixels });
  expect((await read(elements, 8)).samples).toEqual([254, 0, 0, 255, 74, 74, 100, 100, 100, 200, 200, 200]);
});

const palette = (bits: number, first: number, colors: number[][], as: 'words' | 'bytes'): ElementInit[] =>
  [0, 1, 2].flatMap((c): ElementInit[] => {
    const entries = colors.map((color) => color[c]);
    const data = as === 'words' ? bytesOf(Uint16Array.from(entries)) : Uint8Array.from(entries);
    return [
      [0x0028_1101 + c, 'US', [colors.length, first, bits]],
      [0x0028_1201 + c, 'OW', data],
    ];
  });
const indexed = (more: ElementInit[], pixels: Uint8Array) =>
  imageElements({ columns: pixels.length, rows: 1, bits: 8, model: 'PALETTE COLOR', more, pixels });
const colors = [
  [255, 0, 0],
  [0, 128, 1],
  [10, 20, 250],
];

test.each<[string, ElementInit[], number[]]>([
  ['of bytes', palette(8, 0, [...colors, [1, 2, 3]], 'bytes'), [2, 0, 1, 3]],
  ['of bytes in words', palette(8, 0, colors, 'words'), [2, 0, 1]],
  [
    'of words',
    palette(
      16,
      0,
      colors.map((color) => color.map((v) => 257 * v)),
      'words',
    ),
    [2, 0, 1],
  ],
  ['said to be of words, and filled with bytes', palette(16, 0, colors, 'words'), [2, 0, 1]],
  ['that does not begin at 0', palette(8, 5, colors, 'words'), [7, 1, 6]],
])('a palette %s', async (_, more, indices) => {
  const all = [...colors, [1, 2, 3]];
  const { samples } = await read(indexed(more, Uint8Array.from(indices)), 8);
  const first = indices[0] === 7 ? 5 : 0;
  expect(samples).toEqual(indices.flatMap((index) => all[Math.max(0, index - first)]));
});

test('a palette of 16 bits keeps its depth', async () => {
  const deep = palette(
    16,
    0,
    [
      [1000, 2000, 65_535],
      [0, 1, 2],
    ],
    'words',
  );
  expect(await read(indexed(deep, Uint8Array.of(1, 0)), 16)).toEqual({
    depth: 16,
    samples: [0, 1, 2, 1000, 2000, 65_535],
  });
});

/** Two values, a line of four from there to 60, and the first segment once more. */
test.each<[string, number, number[]]>([
  ['of bytes', 8, [0, 2, 10, 20, 1, 4, 60, 2, 1, 0, 0, 0, 0]],
  ['of words', 16, [0, 2, 10, 20, 1, 4, 60, 2, 1, 0, 0]],
])('a segmented palette %s', async (_, bits, segments) => {
  const data = bits === 8 ? Uint8Array.from(segments) : bytesOf(Uint16Array.from(segments));
  const more = [0, 1, 2].flatMap((c): ElementInit[] => [
    [0x0028_1101 + c, 'US', [8, 0, bits]],
    [0x0028_1221 + c, 'OW', data],
  ]);
  const { samples } = await read(indexed(more, Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7)), 8);
  expect(samples.filter((_, i) => i % 3 === 0)).toEqual([10, 20, 30, 40, 50, 60, 10, 20]);
});

test.each<[string, number[]]>([
  ['begins with a line', [1, 4, 60]],
  ['is of an unknown kind', [7, 1, 1, 1]],
  ['ends early', [0, 2, 10, 20]],
  ['repeats itself without an end', [0, 1, 10, 2, 9, 3, 0, 0, 0]],
  ['has nothing but empty segments', Array.from({ length: 200_000 }, () => 0)],
])('a segmented palette that %s is damaged', async (_, segments) => {
  const more = [0, 1, 2].flatMap((c): ElementInit[] => [
    [0x0028_1101 + c, 'US', [8, 0, 8]],
    [0x0028_1221 + c, 'OW', Uint8Array.from(segments)],
  ]);
  await expect(read(indexed(more, Uint8Array.of(0, 1)), 8)).rejects.toThrow('SegmentedRedPaletteColorLookupTableData');
});

test('big-endian words may hold samples of 8 bits', async () => {
  const elements = imageElements({
    columns: 1,
    rows: 2,
    bits: 8,
    samples: 3,
    model: 'RGB',
    more: [[0x7fe0_0010, 'OW', Uint8Array.of(2, 1, 4, 3, 6, 5)]],
    pixels: '',
  });
  expect((await read(elements, 8, false)).samples).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each<[string, ElementInit[], string]>([
  ['a color model', [[0x0028_0004, 'CS', 'HSV']], 'PhotometricInterpretation is HSV'],
  [
    'a palette that is not there',
    [
      [0x0028_0002, 'US', 1],
      [0x0028_0004, 'CS', 'PALETTE COLOR'],
    ],
    'no RedPalette',
  ],
  ['two samples', [[0x0028_0002, 'US', 2]], 'SamplesPerPixel is 2'],
  ['64 bits', [[0x0028_0100, 'US', 64]], 'BitsAllocated is 64'],
])('%s that is not shown is named, with its value', async (_, more, reason) => {
  const pixels = new Uint8Array(6);
  const elements = imageElements({ columns: 1, rows: 2, bits: 8, samples: 3, model: 'RGB', more, pixels });
  await expect(decode(writeDicom(elements), options(8))).rejects.toMatchObject({
    details: { type: 'urn:tessera:problem:unsupported-image', detail: expect.stringContaining(reason) },
  });
});
