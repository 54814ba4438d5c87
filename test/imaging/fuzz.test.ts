/** Damaged files of every format: each is read or refused, in time; no thread is lost. FUZZ_RUNS=100000 for a long search. */
import fc from 'fast-check';
import sharp from 'sharp';
import { Engine, WorkerLostError } from '../../lib/imaging/engine.ts';
import { readImageHeader } from '../../lib/imaging/image-header.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { Problem } from '../../lib/problems.ts';
import { dicomFile, transferSyntaxes } from '../harness/dicom.ts';
import { fixture } from '../harness/fixtures.ts';
import { writeTiff } from '../harness/tiff-writer.ts';

const files = Number(process.env.FUZZ_RUNS ?? 1000);
const filesAtOnce = 8;
const timeLimitMs = 20_000;
const maxPixels = 1e6;
const steps = parseSteps([{ operation: 'grayscale' }]);

async function originals(): Promise<Buffer[]> {
  const small = () => sharp(fixture('coffee.png')).resize(61, 43);
  const samples = Uint16Array.from({ length: 32 * 24 }, (_, i) => (i * 37) % 4096);
  const dicom = (transferSyntax?: string) =>
    dicomFile({ width: 32, height: 24, samples, ...(transferSyntax !== undefined && { transferSyntax }) });
  return Promise.all([
    small().jpeg().toBuffer(),
    small().jpeg({ progressive: true, mozjpeg: true }).withMetadata({ orientation: 6 }).toBuffer(),
    small().png().toBuffer(),
    small().png({ palette: true, progressive: true }).toBuffer(),
    small().webp().toBuffer(),
    small().webp({ lossless: true }).toBuffer(),
    small().tiff({ compression: 'lzw' }).toBuffer(),
    small().tiff({ compression: 'jpeg', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    small().tiff({ compression: 'deflate', bigtiff: true }).toBuffer(),
    writeTiff({ width: 8, height: 8, values: new Float32Array(64).map((_, i) => i / 63), bits: 32, sampleFormat: 3 }),
    writeTiff({ width: 8, height: 8, values: new Int16Array(64).map((_, i) => i - 32), bits: 16, sampleFormat: 2 }),
    small().gif().toBuffer(),
    small().avif({ effort: 0 }).toBuffer(),
    dicom(),
    dicom(transferSyntaxes.RleLossless),
    dicom(transferSyntaxes.JpegLosslessProcess14V1),
    ...['gray-implicit', 'gray-deflated', 'gray-jpeg-extended', 'gray-jpeg-ls', 'color-rle'].map((name) =>
      fixture(`dicom/${name}.dcm`),
    ),
  ]);
}

/** One thing that can happen to a file; positions are parts of its length, mostly near its beginning. */
const position = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.08, noNaN: true }));
const damage = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: position, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('flip' as const), at: position, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: position, length: fc.nat(64) }),
  fc.record({ kind: fc.constant('insert' as const), at: position, bytes: fc.uint8Array({ maxLength: 32 }) }),
  fc.record({ kind: fc.constant('end' as const), at: position }),
  fc.record({ kind: fc.constant('graft' as const), at: position, from: fc.nat() }),
);
type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

function damaged(whole: Buffer, hurts: Damage[], all: Buffer[]): Buffer {
  let file = Buffer.from(whole);
  for (const hurt of hurts) {
    const at = Math.floor(hurt.at * file.length);
    const [head, tail] = [file.subarray(0, at), file.subarray(at)];
    if (hurt.kind === 'set') file.set(hurt.bytes.subarray(0, file.length - at), at);
    else if (hurt.kind === 'flip') file[Math.min(at, file.length - 1)] ^= 1 << hurt.bit;
    else if (hurt.kind === 'cut') file = Buffer.concat([head, tail.subarray(hurt.length)]);
    else if (hurt.kind === 'insert') file = Buffer.concat([head, hurt.bytes, tail]);
    else if (hurt.kind === 'end') file = Buffer.from(head);
    else file = Buffer.concat([head, all[hurt.from % all.length].subarray(at)]);
  }
  return file;
}

test(
  `${files} damaged files`,
  async () => {
    const all = await originals();
    const engine = new Engine({ threads: 2, timeLimitMs, pixelsInFlight: 1e8, maxHeapBytes: 2 ** 29 });
    const outcomes = { read: 0, refused: 0 };
    const one = fc.record({
      original: fc.nat(all.length - 1),
      hurts: fc.array(damage, { minLength: 1, maxLength: 4 }),
    });
    const run = async ({ original, hurts }: { original: number; hurts: Damage[] }) => {
      const image = damaged(all[original], hurts, all);
      try {
        // The front looks at the header, a thread at the rest.
        readImageHeader(image, maxPixels);
        await engine.run({ image, steps, output: {}, maxPixels }, maxPixels);
        outcomes.read++;
      } catch (error) {
        if (error instanceof WorkerLostError || !(error instanceof Problem)) throw error;
        expect(error.details.type).not.toBe('urn:tessera:problem:time-limit-exceeded');
        expect(error.details.status).toBeLessThan(500);
        outcomes.refused++;
      }
    };
    try {
      const many = fc.array(one, { minLength: filesAtOnce, maxLength: filesAtOnce });
      const property = fc.asyncProperty(many, async (batch) => void (await Promise.all(batch.map(run))));
      await fc.assert(property, { numRuns: Math.ceil(files / filesAtOnce), endOnFailure: true });
      for (const image of all) await engine.run({ image, steps, output: {}, maxPixels }, maxPixels);
    } finally {
      await engine.close();
    }
    expect(outcomes.read).toBeGreaterThan(files / 100);
    expect(outcomes.refused).toBeGreaterThan(files / 10);
  },
  60_000 + files * 100,
);
