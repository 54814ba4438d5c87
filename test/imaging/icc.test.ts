/** Color profiles: what they say is seen, by their numbers and not by their names. */
import fc from 'fast-check';
import sharp from 'sharp';
import { decode } from '../../lib/imaging/decode.ts';
import { grayTable, isSrgb } from '../../lib/imaging/icc.ts';
import { fixture } from '../harness/fixtures.ts';
import { writePng } from '../harness/png-writer.ts';

type Curve = { gamma: number } | { table: number[] } | { parametric: [type: number, ...number[]] };

const fixed = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(Math.round(value * 65_536));
  return buffer;
};
const uint = (value: number, bytes: 2 | 4) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const element = (type: string, ...parts: Buffer[]) => Buffer.concat([Buffer.from(type), Buffer.alloc(4), ...parts]);
const xyz = (x: number, y: number, z: number) => element('XYZ ', fixed(x), fixed(y), fixed(z));

function curve(of: Curve): Buffer {
  if ('gamma' in of) return element('curv', uint(1, 4), uint(Math.round(of.gamma * 256), 2), Buffer.alloc(2));
  if ('table' in of) return element('curv', uint(of.table.length, 4), ...of.table.map((value) => uint(value, 2)));
  const [type, ...numbers] = of.parametric;
  return element('para', uint(type, 2), Buffer.alloc(2), ...numbers.map(fixed));
}

/** A profile of version 2 (ICC.1, sections 7 and 9) that is called sRGB, whatever it is. */
function profile(space: 'RGB ' | 'GRAY', of: Curve): Buffer {
  const name = Buffer.from('sRGB\0');
  const tags: [string, Buffer][] = [
    ['desc', element('desc', uint(name.length, 4), name, Buffer.alloc(78))],
    ['cprt', element('text', Buffer.from('none\0'))],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ...(space === 'GRAY'
      ? ([['kTRC', curve(of)]] as [string, Buffer][])
      : ([
          ['rXYZ', xyz(0.4361, 0.2225, 0.0139)],
          ['gXYZ', xyz(0.3851, 0.7169, 0.0971)],
          ['bXYZ', xyz(0.1431, 0.0606, 0.7141)],
          ['rTRC', curve(of)],
          ['gTRC', curve(of)],
          ['bTRC', curve(of)],
        ] as [string, Buffer][])),
  ];
  const padded = tags.map(([, data]) => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]));
  let at = 132 + 12 * tags.length;
  const table = tags.map(([tag, data], i) => {
    const entry = Buffer.concat([Buffer.from(tag), uint(at, 4), uint(data.length, 4)]);
    at += padded[i].length;
    return entry;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x0210_0000, 8);
  header.write(`mntr${space}XYZ `, 12);
  header.write('acsp', 36);
  header.set(Buffer.concat([fixed(0.9642), fixed(1), fixed(0.8249)]), 68);
  return Buffer.concat([header, uint(tags.length, 4), ...table, ...padded]);
}

const srgbCurve: Curve = { parametric: [3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45] };
const linear: Curve = { table: [0, 65_535] };
const options = { maxDepth: 16, alpha: 'kept', maxPixels: 50e6 } as const;

/** sRGB's sample for linear light (IEC 61966-2-1). */
const encoded = (light: number) => (light <= 0.003_130_8 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
const levels = [0, 1, 20, 64, 128, 200, 254, 255];

test.each<[string, Curve, (x: number) => number]>([
  ['linear', linear, (x) => x],
  ['gamma 1.8', { gamma: 1.8 }, (x) => x ** (461 / 256)],
  ['a table', { table: [0, 8192, 65_535] }, (x) => (x < 0.5 ? x / 4 : 1.75 * x - 0.75)],
  ['a power with an offset', { parametric: [1, 2, 1.1, -0.1] }, (x) => (x >= 0.1 / 1.1 ? (1.1 * x - 0.1) ** 2 : 0)],
])('gray of %s looks as its profile says, on 8 bits and on 16', async (_, of, light) => {
  const icc = profile('GRAY', of);
  const shallow = writePng({ width: 8, bits: 8, colorType: 0, rows: [levels], icc });
  const { data } = await decode(shallow, options);
  levels.forEach((level, i) => {
    expect(Math.abs(data[i] - 255 * encoded(light(level / 255)))).toBeLessThan(0.6);
  });
  const deep = writePng({ width: 8, bits: 16, colorType: 0, rows: [levels.flatMap((level) => [level, level])], icc });
  const { data: words } = await decode(deep, options);
  levels.forEach((level, i) => {
    expect(Math.abs(words.readUInt16LE(2 * i) - 65_535 * encoded(light(level / 255)))).toBeLessThan(30);
  });
});

test('gray with sRGB’s curve passes unchanged; transparency is no gray', async () => {
  const same = writePng({ width: 8, bits: 8, colorType: 0, rows: [levels], icc: profile('GRAY', srgbCurve) });
  expect([...(await decode(same, options)).data]).toEqual(levels);
  const clear = writePng({ width: 1, bits: 8, colorType: 4, rows: [[64, 100]], icc: profile('GRAY', linear) });
  const { data, channels } = await decode(clear, options);
  expect(channels).toBe(4);
  const shown = Math.round(255 * encoded(64 / 255));
  expect([...data]).toEqual([shown, shown, shown, 100]);
});

test('a linear profile is converted, though it is called sRGB', async () => {
  const row = [0, 64, 128, 255, 10, 200];
  const file = writePng({ width: 2, bits: 8, colorType: 2, rows: [row], icc: profile('RGB ', linear) });
  const { data } = await decode(file, options);
  row.forEach((value, i) => {
    expect(Math.abs(data[i] - 255 * encoded(value / 255))).toBeLessThan(3);
  });
});

test('sRGB passes unchanged, under any name and made by anyone', async () => {
  const row = [0, 64, 128, 255, 10, 200];
  const icc = profile('RGB ', srgbCurve);
  const renamed = Buffer.from(icc.toString('latin1').replaceAll('sRGB', 'mine'), 'latin1');
  for (const one of [icc, renamed]) {
    const file = writePng({ width: 2, bits: 8, colorType: 2, rows: [row], icc: one });
    expect([...(await decode(file, options)).data]).toEqual(row);
  }
  const made = await sharp(fixture('coffee.png')).resize(20, 20).withIccProfile('srgb').png().toBuffer();
  expect(isSrgb((await sharp(made).metadata()).icc as Buffer)).toBe(true);
  const p3 = await sharp(fixture('coffee.png')).resize(20, 20).withIccProfile('p3').png().toBuffer();
  expect(isSrgb((await sharp(p3).metadata()).icc as Buffer)).toBe(false);
});

test('a damaged profile says nothing, and is no reason to fail', () => {
  const sound = [
    profile('GRAY', { gamma: 1.8 }),
    profile('RGB ', srgbCurve),
    profile('GRAY', { parametric: [4, 2, 1, 0, 1, 0, 0, 0] }),
  ];
  const change = fc.tuple(fc.nat(500), fc.nat(255));
  const damaged = fc
    .tuple(fc.constantFrom(...sound), fc.array(change, { maxLength: 10 }), fc.nat(600))
    .map(([icc, changes, end]) => {
      const copy = Buffer.from(icc);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy.subarray(0, end);
    });
  fc.assert(
    fc.property(damaged, (icc) => {
      expect(typeof isSrgb(icc)).toBe('boolean');
      const table = grayTable(icc, 8);
      expect(table === undefined || table.length === 256).toBe(true);
    }),
    { numRuns: 5000 },
  );
});
