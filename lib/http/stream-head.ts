import type { Readable } from 'node:stream';

/**
 * Reads up to `length` bytes of a stream. Where there are more, `rest` gives the whole stream, the head included;
 * else `head` is all of it and `rest` is null.
 */
export async function headAndRest(
  stream: Readable,
  length: number,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> | null }> {
  const source: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes <= length; ) {
    const { done, value } = await source.next();
    if (done) return { head: Buffer.concat(chunks), rest: null };
    chunks.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    bytes += value.byteLength;
  }
  const head = Buffer.concat(chunks);
  return { head, rest: prepend(head, source) };
}

async function* prepend(head: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    const { buffer, byteOffset, byteLength } = next.value;
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}
