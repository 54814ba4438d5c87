/** What an uploaded image is taken for, when results of earlier work are looked for. */
import { createHash } from 'node:crypto';
import { inspectUploads } from '../../lib/http/uploaded-images.ts';
import { writePng } from '../harness/png-writer.ts';
import { putUpload } from '../harness/uploads.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
const limits = { maxBytes: 1e8, maxPixels: 1e8 };

/** A square gray picture that cannot be compressed. */
function noisePng(side: number, seed: number): Buffer<ArrayBuffer> {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const rows = Array.from({ length: side }, () => Array.from({ length: side }, next));
  return writePng({ width: side, bits: 8, colorType: 0, rows });
}

const md5Of = (bytes: Buffer) => createHash('md5').update(bytes).digest();

/** Whoever commits blocks says what the MD5 of the whole is; the storage keeps it, and checks nothing. */
function upload(name: string, bytes: Buffer, md5 = md5Of(bytes)): Promise<void> {
  return putUpload(account, name, bytes, { blobContentMD5: md5 });
}

async function identityOf(name: string): Promise<string> {
  const { hashes } = await inspectUploads(account.storage, 'anonymous', { image: name, reference: undefined }, limits);
  return hashes[0];
}

/** Smaller and larger than what is read of an upload before its task is made. */
const sizes = { small: 64, large: 600 };

test.each(Object.entries(sizes))('a %s image that claims another’s MD5 is not taken for it', async (size, side) => {
  const [mine, theirs] = [noisePng(side, 1), noisePng(side, 2)];
  await upload(`${size}/forged.png`, mine, md5Of(theirs));
  await upload(`${size}/true.png`, theirs);
  expect(await identityOf(`${size}/forged.png`)).not.toBe(await identityOf(`${size}/true.png`));
});

test.each(Object.entries(sizes))('a %s image is the same as long as it is not replaced', async (size, side) => {
  const name = `${size}/same.png`;
  await upload(name, noisePng(side, 1));
  const first = await identityOf(name);
  expect(await identityOf(name)).toBe(first);
  await upload(name, noisePng(side, 2));
  expect(await identityOf(name)).not.toBe(first);
});

test('a small image is the same under any name, and as sent with the request', async () => {
  const bytes = noisePng(sizes.small, 3);
  await upload('a.png', bytes);
  await upload('b.png', bytes);
  expect([await identityOf('a.png'), await identityOf('b.png')]).toEqual(
    Array(2).fill(createHash('sha256').update(bytes).digest('hex')),
  );
});
