/** PNG with one bit a pixel (PNG specification, colour type 0, bit depth 1): an eighth of the bytes to deflate, as no library here writes it without quantising first. */
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const compress = promisify(deflate);

/** Whether all samples are 0 or 255. */
export function isBilevel(gray: Uint8Array): boolean {
  for (let i = 0; i < gray.length; i++) if (gray[i] !== 0 && gray[i] !== 255) return false;
  return true;
}

/** Encodes samples of 0 and 255, `width` × `height` of them. */
export async function encodeBilevelPng(gray: Uint8Array, width: number, height: number): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const data = await compress(packRows(gray, width, height), { level: 6, memLevel: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Rows of packed bits, the leftmost pixel in the highest bit, each after a filter byte of 0 (none). */
function packRows(gray: Uint8Array, width: number, height: number): Uint8Array {
  const stride = 1 + Math.ceil(width / 8);
  const packed = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    let source = y * width;
    let target = y * stride + 1;
    const end = source + width;
    for (; source + 8 <= end; source += 8) {
      packed[target++] =
        (gray[source] & 0x80) |
        (gray[source + 1] & 0x40) |
        (gray[source + 2] & 0x20) |
        (gray[source + 3] & 0x10) |
        (gray[source + 4] & 0x08) |
        (gray[source + 5] & 0x04) |
        (gray[source + 6] & 0x02) |
        (gray[source + 7] & 0x01);
    }
    for (let bit = 0x80; source < end; source++, bit >>= 1) packed[target] |= gray[source] & bit;
  }
  return packed;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
