/** Gray DICOM pictures of every depth: their values, and how they are shown. */
import { decode } from '../../../lib/imaging/decode.ts';
import type { DecodeOptions } from '../../../lib/imaging/pixels.ts';
import { type ElementInit, type ImageInit, imageElements, writeDicom } from '../../harness/dicom-writer.ts';

const options = (maxDepth: 8 | 16, page = 1): DecodeOptions => ({ maxDepth, alpha: 'kept', maxPixels: 50e6, page });
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** One row of pixels. */
const row = (words: ArrayBufferView & { length: number }, init: Partial<ImageInit> = {}) =>
  imageElements({ columns: words.length, rows: 1, pixels: bytesOf(words), ...init });

async function read(elements: ElementInit[], maxDepth: 8 | 16, page = 1) {
  const { data, depth, channels, ...rest } = await decode(writeDicom(elements), options(maxDepth, page));
  expect(channels).toBe(1);
  return { ...rest, depth, samples: depth === 16 ? [...new Uint16Array(data.buffer)] : [...data] };
}

test('1 bit a pixel is black and white, in every frame, also where frames begin within a byte', async () => {
  const bits = [1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
  const packed = new Uint8Array(2);
  bits.forEach((bit, i) => {
    packed[i >> 3] |= bit << (i & 7);
  });
  const elements = imageElements({ columns: 5, rows: 1, bits: 1, frames: 3, pixels: packed });
  for (const page of [1, 2, 3]) {
    const { samples, depth, pages } = await read(elements, 16, page);
    expect(depth).toBe(8);
    expect(pages).toBe(3);
    expect(samples).toEqual(bits.slice(5 * page - 5, 5 * page).map((bit) => 255 * bit));
  }
});

test('a dose of 32 bits is scaled by its own range, in the dose’s unit', async () => {
  const dose = Uint32Array.of(1_000_000, 2_000_000, 3_000_000_000);
  const elements = row(dose, { bits: 32, more: [[0x3004_000e, 'DS', '1.0E-6']] });
  const deep = await read(elements, 16);
  expect(deep.samples).toEqual([0, Math.round(65_535 / 2999), 65_535]);
  expect(deep.scaledFrom?.min).toBeCloseTo(1, 9);
  expect(deep.scaledFrom?.max).toBeCloseTo(3000, 9);
  expect((await read(elements, 8)).samples).toEqual([0, 0, 255]);
});

test('signed values of 32 bits are scaled, too', async () => {
  const { samples, scaledFrom } = await read(row(Int32Array.of(-70_000, 0, 70_000), { bits: 32, signed: true }), 16);
  expect(samples).toEqual([0, 32_768, 65_535]);
  expect(scaledFrom).toEqual({ min: -70_000, max: 70_000 });
});

test.each<[string, number, ArrayBufferView & { length: number }]>([
  ['floating-point', 0x7fe0_0008, Float32Array.of(-0.5, 0, Number.NaN, 1.5)],
  ['double-precision', 0x7fe0_0009, Float64Array.of(-0.5, 0, Number.POSITIVE_INFINITY, 1.5)],
])('%s pixels are scaled by their range; what is no number does not count', async (_, tag, values) => {
  const vr = tag === 0x7fe0_0008 ? 'OF' : 'OD';
  const elements = row(values).filter((element) => element[0] !== 0x7fe0_0010);
  const { samples, scaledFrom } = await read([...elements, [tag, vr, bytesOf(values)]], 16);
  expect([samples[0], samples[1], samples[3]]).toEqual([0, 16_384, 65_535]);
  expect(scaledFrom).toEqual({ min: -0.5, max: 1.5 });
});

test('values between whole numbers are not rounded away', async () => {
  const elements = row(Uint16Array.of(0, 500, 1000), { more: [[0x0028_1053, 'DS', '0.001']] });
  const { samples, scaledFrom } = await read(elements, 16);
  expect(samples).toEqual([0, 32_768, 65_535]);
  expect(scaledFrom).toEqual({ min: 0, max: 1 });
  expect((await read(elements, 8)).samples).toEqual([0, 128, 255]);
});

test('values beyond 16 bits are not cut', async () => {
  const elements = row(Uint16Array.of(0, 30_000, 60_000), { more: [[0x0028_1053, 'DS', '4']] });
  const { samples, scaledFrom, modality } = await read(elements, 16);
  expect(samples).toEqual([0, 32_768, 65_535]);
  expect(scaledFrom).toEqual({ min: 0, max: 240_000 });
  expect(modality?.values).toEqual({ offset: 0, factor: 240_000 / 65_535 });
});

test('a window goes along where values are scaled', async () => {
  const more: ElementInit[] = [
    [0x0028_1050, 'DS', '100000'],
    [0x0028_1051, 'DS', '50000'],
  ];
  const elements = row(Uint32Array.of(0, 100_000, 200_000), { bits: 32, more });
  const { modality } = await read(elements, 16);
  expect(modality?.window).toEqual({ center: 100_000, width: 50_000 });
  const { samples } = await read(elements, 8);
  expect(samples).toEqual([0, 128, 255]);
});

test('samples of MONOCHROME1 run against the values, so that low ones are bright', async () => {
  const plain = await read(row(Uint16Array.of(0, 1000, 4095), { model: 'MONOCHROME1' }), 16);
  expect(plain.samples).toEqual([65_535, 64_535, 61_440]);
  expect(plain.modality?.values).toEqual({ offset: 65_535, factor: -1 });
  const signed = await read(row(Int16Array.of(-32_768, 0, 32_767), { signed: true, model: 'MONOCHROME1' }), 16);
  expect(signed.samples).toEqual([65_535, 32_767, 0]);
  const wide = await read(row(Uint32Array.of(0, 100_000, 200_000), { bits: 32, model: 'MONOCHROME1' }), 16);
  expect(wide.samples).toEqual([65_535, 32_767, 0]);
  expect(wide.modality?.values).toEqual({ offset: 200_000, factor: -200_000 / 65_535 });
});

test('what is stored above and below the value’s bits is left out', async () => {
  const stored = Uint16Array.of(0xf00f, 0x0ff0, 0x8010);
  const shifted = row(stored, {
    more: [
      [0x0028_0101, 'US', 8],
      [0x0028_0102, 'US', 11],
    ],
  });
  expect((await read(shifted, 16)).samples).toEqual([0x00, 0xff, 0x01]);
  const signed = row(Uint16Array.of(0x0fff, 0x0001), { stored: 12, signed: true });
  expect((await read(signed, 16)).samples).toEqual([32_767, 32_769]);
});

test('of several windows the first is taken; one of width 0 is none', async () => {
  const values = Uint16Array.of(0, 1000, 2000);
  const windowed = (center: string, width: string) =>
    read(
      row(values, {
        more: [
          [0x0028_1050, 'DS', center],
          [0x0028_1051, 'DS', width],
        ],
      }),
      16,
    );
  expect((await windowed(' 40 \\300', '400\\1500 ')).modality?.window).toEqual({ center: 40, width: 400 });
  expect((await windowed('40', '0')).modality?.window).toEqual({ center: 1000.5, width: 2001 });
});

test('padding does not count for the range that is shown', async () => {
  const elements = row(Int16Array.of(-2000, 100, 150, 200), { signed: true, more: [[0x0028_0120, 'SS', -2000]] });
  expect((await read(elements, 8)).samples).toEqual([0, 0, 128, 255]);
});

test.each<[string, number[]]>([
  ['LINEAR_EXACT', [0, 64, 128, 191, 255]],
  ['SIGMOID', [30, 69, 128, 186, 225]],
])('VOILUTFunction %s', async (voi, expected) => {
  const more: ElementInit[] = [
    [0x0028_1050, 'DS', '500'],
    [0x0028_1051, 'DS', '1000'],
    [0x0028_1056, 'CS', voi],
  ];
  expect((await read(row(Uint16Array.of(0, 250, 500, 750, 1000), { more }), 8)).samples).toEqual(expected);
});

const table = (tag: number, first: number, bits: number, entries: number[]): ElementInit => [
  tag,
  'SQ',
  {
    items: [
      [
        [0x0028_3002, 'US', [entries.length, first, bits]],
        [0x0028_3006, 'US', entries],
      ],
    ],
  },
];

test('a modality look-up table takes the place of slope and intercept', async () => {
  const elements = row(Uint16Array.of(9, 10, 11, 12, 13), { more: [table(0x0028_3000, 10, 16, [7, 300, 5000])] });
  expect((await read(elements, 16)).samples).toEqual([7, 7, 300, 5000, 5000]);
});

test('a VOI look-up table is applied on 8 bits; on 16, its range is the window', async () => {
  const elements = row(Int16Array.of(-2, -1, 0, 5), {
    signed: true,
    more: [table(0x0028_3010, -1, 12, [0, 2048, 4095])],
  });
  expect((await read(elements, 8)).samples).toEqual([0, 0, 128, 255]);
  const { samples, modality } = await read(elements, 16);
  expect(samples).toEqual([32_766, 32_767, 32_768, 32_773]);
  expect(modality?.window).toEqual({ center: 0.5, width: 3 });
});

test('an enhanced object’s frames have slopes and windows of their own', async () => {
  const group = (slope: string, center: string): ElementInit[] => [
    [
      0x0028_9132,
      'SQ',
      {
        items: [
          [
            [0x0028_1050, 'DS', center],
            [0x0028_1051, 'DS', '10'],
          ],
        ],
      },
    ],
    [
      0x0028_9145,
      'SQ',
      {
        items: [
          [
            [0x0028_1052, 'DS', '0'],
            [0x0028_1053, 'DS', slope],
          ],
        ],
      },
    ],
  ];
  const more: ElementInit[] = [[0x5200_9230, 'SQ', { items: [group('1', '5'), group('2', '6')] }]];
  const elements = imageElements({ columns: 2, rows: 1, frames: 2, more, pixels: bytesOf(Uint16Array.of(1, 2, 3, 4)) });
  expect(await read(elements, 16, 2)).toMatchObject({
    samples: [6, 8],
    modality: { window: { center: 6, width: 10 } },
  });
  expect(await read(elements, 16, 1)).toMatchObject({
    samples: [1, 2],
    modality: { window: { center: 5, width: 10 } },
  });
});

test('what all frames of an enhanced object share holds for each', async () => {
  const shared: ElementInit[] = [
    [
      0x0028_9145,
      'SQ',
      {
        items: [
          [
            [0x0028_1052, 'DS', '-10'],
            [0x0028_1053, 'DS', '1'],
          ],
        ],
      },
    ],
  ];
  const more: ElementInit[] = [[0x5200_9229, 'SQ', { items: [shared] }]];
  const { samples, modality } = await read(row(Uint16Array.of(1, 2), { more }), 16);
  expect(samples).toEqual([32_759, 32_760]);
  expect(modality?.values.offset).toBe(-32_768);
});
