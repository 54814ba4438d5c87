/** Whatever the elements of a DICOM file say: the picture is whole, or refused for a reason. FUZZ_RUNS=100000 for a long search. */
import fc from 'fast-check';
import { decode } from '../../../lib/imaging/decode.ts';
import { attributes } from '../../../lib/imaging/dicom/attributes.ts';
import { compressionOf } from '../../../lib/imaging/dicom/transfer-syntaxes.ts';
import { Problem } from '../../../lib/problems.ts';
import { type ElementInit, imageElements, type WriteOptions, writeDicom } from '../../harness/dicom-writer.ts';
import { fixture } from '../../harness/fixtures.ts';

const numRuns = Number(process.env.FUZZ_RUNS ?? 2000);
const maxPixels = 1e5;

/** Decodes or refuses; nothing else. */
async function check(file: Uint8Array, page: number): Promise<'read' | 'refused'> {
  try {
    const { data, width, height, channels, depth } = await decode(file, {
      maxDepth: 16,
      alpha: 'kept',
      maxPixels,
      page,
    });
    expect(data.length).toBe((width * height * channels * depth) / 8);
    return 'read';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.details.status).toBeLessThan(500);
    return 'refused';
  }
}

const small = fc.oneof(fc.constantFrom(0, 1, 2, 3, 8, 12, 16, 32, 64), fc.nat(65_535));
const text = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '1e300',
    '-1e300',
    '1e-300',
    'NaN',
    '',
    '4\\2',
    'MONOCHROME1',
    'RGB',
    'YBR_FULL',
    'YBR_FULL_422',
    'PALETTE COLOR',
    'SIGMOID',
  ),
  fc.double().map(String),
  fc.string(),
);
const bytes = fc.uint8Array({ maxLength: 600 });

/** An element that the reader looks at, with a value that may be any. */
const element: fc.Arbitrary<ElementInit> = fc.constantFrom(...Object.values(attributes)).chain(([tag, vr]) => {
  const value = (): fc.Arbitrary<ElementInit> => {
    if (vr === 'SQ')
      return fc
        .array(
          fc.array(
            fc.tuple(
              fc.constantFrom(0x0028_1052, 0x0028_1053, 0x0028_3002, 0x0028_3006),
              fc.constantFrom('DS', 'US', 'OW'),
              bytes,
            ),
            { maxLength: 4 },
          ),
          { maxLength: 3 },
        )
        .map((items) => [tag, vr, { items }]);
    if (vr === 'US') return fc.array(small, { maxLength: 4 }).map((numbers) => [tag, vr, numbers]);
    if (vr === 'CS' || vr === 'DS' || vr === 'IS') return text.map((one) => [tag, vr, one]);
    return fc.oneof(
      bytes.map((one): ElementInit => [tag, vr, one]),
      fc.array(bytes, { maxLength: 5 }).map((fragments): ElementInit => [tag, vr, { fragments, table: [0, 20] }]),
    );
  };
  return value();
});

const options: fc.Arbitrary<WriteOptions> = fc.record({
  explicit: fc.boolean(),
  undefinedLength: fc.boolean(),
  transferSyntax: fc.oneof(
    fc.constantFrom('1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5'),
    fc.constantFrom(50, 57, 70, 80, 90, 201).map((number) => `1.2.840.10008.1.2.4.${number}`),
  ),
});

test(
  'elements of any value',
  async () => {
    const outcomes = { read: 0, refused: 0 };
    const property = fc.asyncProperty(
      fc.array(element, { maxLength: 4 }),
      options,
      fc.integer({ min: 1, max: 4 }),
      async (more, how, page) => {
        const plain = compressionOf(how.transferSyntax ?? '') === 'none';
        const pixels = plain ? new Uint8Array(600) : { fragments: [new Uint8Array(600)] };
        const unique = [...new Map(more.map((one) => [(one as readonly [number, ...unknown[]])[0], one])).values()];
        const elements = imageElements({ columns: 10, rows: 10, frames: 3, pixels, more: unique });
        outcomes[await check(writeDicom(elements, how), page)]++;
      },
    );
    await fc.assert(property, { numRuns, endOnFailure: true });
    expect(outcomes.read).toBeGreaterThan(numRuns / 50);
    expect(outcomes.refused).toBeGreaterThan(numRuns / 50);
  },
  60_000 + numRuns * 20,
);

const originals = [
  'gray',
  'gray-deflated',
  'gray-implicit',
  'gray-big-endian',
  'gray-jpeg-extended',
  'gray-jpeg-ls',
  'gray-rle',
  'color-jpeg-baseline',
  'color-jpeg-progressive',
  'color-rle',
];

test(
  'bytes of any value in files of other software',
  async () => {
    const outcomes = { read: 0, refused: 0 };
    const change = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ minLength: 1, maxLength: 4 }));
    const property = fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      async (name, changes) => {
        const file = Buffer.from(fixture(`dicom/${name}.dcm`));
        for (const [at, value] of changes) file.set(value, Math.floor(132 + at * (file.length - 137)));
        outcomes[await check(file, 1)]++;
      },
    );
    await fc.assert(property, { numRuns, endOnFailure: true });
    expect(outcomes.read).toBeGreaterThan(numRuns / 50);
    expect(outcomes.refused).toBeGreaterThan(numRuns / 50);
  },
  60_000 + numRuns * 20,
);
