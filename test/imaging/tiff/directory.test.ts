/** The directory of a TIFF file is read, or seen not to be one, whatever the bytes are. FUZZ_RUNS=1000000 for a long search. */
import fc from 'fast-check';
import { isTiff, readDirectory } from '../../../lib/imaging/tiff/directory.ts';
import { writeTiff } from '../../harness/tiff-writer.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 20_000);
const page = { width: 2, height: 1, values: [1, 2, 3, 4, 5, 6], samples: 3, photometric: 2 };

test.each([true, false])('of every byte order, BigTIFF %s', (big) => {
  for (const littleEndian of [true, false]) {
    const file = writeTiff(
      { ...page, big, littleEndian },
      { ...page, samples: 1, values: [1, 2], photometric: 0, planar: true, big, littleEndian },
    );
    expect(isTiff(file)).toBe(true);
    expect(readDirectory(file, 1)).toMatchObject({ bitsPerSample: [8, 8, 8], samplesPerPixel: 3, photometric: 2 });
    expect(readDirectory(file, 2)).toMatchObject({ bitsPerSample: [8], photometric: 0, separatePlanes: true });
    expect(readDirectory(file, 3)).toBeUndefined();
  }
});

test('arbitrary bytes', () => {
  const start = fc
    .constantFrom('II*\0', 'MM\0*', 'II+\0\x08\0\0\0', 'MM\0+\0\x08\0\0')
    .map((text) => Buffer.from(text, 'latin1'));
  const property = fc.property(
    start,
    fc.uint8Array({ maxLength: 300 }),
    fc.integer({ min: 1, max: 5 }),
    (magic, rest, number) => {
      const directory = readDirectory(Buffer.concat([magic, rest]), number);
      expect(directory === undefined || directory.bitsPerSample.length <= 16).toBe(true);
    },
  );
  fc.assert(property, { numRuns });
});

test('arbitrary changes to a sound file', () => {
  const file = writeTiff({ ...page, big: true });
  const change = fc.tuple(fc.nat(file.length - 1), fc.nat(255));
  const property = fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
    const changed = Buffer.from(file);
    for (const [at, value] of changes) changed[at] = value;
    const directory = readDirectory(changed, 1);
    expect(directory === undefined || directory.bitsPerSample.length <= 16).toBe(true);
  });
  fc.assert(property, { numRuns });
});
