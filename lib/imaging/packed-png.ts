/** Writes PNG files of less than eight bits a pixel, or with a palette. */
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { type Provenance, xmpOf } from './provenance.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const compress = promisify(deflate);

export interface PngHeader {
  width: number;
  height: number;
  bits: 1 | 2 | 4 | 8;
  /** 0 gray, 3 palette. */
  colorType: 0 | 3;
}

/** Rows of packed samples, the leftmost pixel in the highest bits, each row after a filter byte of 0 (none). */
export function packRows(
  pixels: Uint8Array,
  width: number,
  height: number,
  bits: PngHeader['bits'],
  sample: (pixel: number) => number,
): Uint8Array {
  const stride = 1 + Math.ceil((width * bits) / 8);
  const packed = new Uint8Array(stride * height);
  for (let y = 0, source = 0; y < height; y++) {
    let target = y * stride + 1;
    let shift = 8;
    for (let x = 0; x < width; x++, source++) {
      shift -= bits;
      packed[target] |= sample(pixels[source]) << shift;
      if (shift === 0) {
        shift = 8;
        target++;
      }
    }
  }
  return packed;
}

/** `palette` holds red, green and blue of each index. */
export async function encodePackedPng(
  rows: Uint8Array,
  { width, height, bits, colorType }: PngHeader,
  { palette, provenance = {}, strategy }: { palette?: Buffer; provenance?: Provenance; strategy?: number },
): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  header[9] = colorType;
  const data = await compress(rows, { level: 6, memLevel: 9, ...(strategy !== undefined && { strategy }) });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    ...provenanceChunks(provenance),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const inchesPerMeter = 1 / 0.0254;

/** `pHYs` with pixels per meter, and `iTXt` with the XMP packet. */
function provenanceChunks(provenance: Provenance): Buffer[] {
  const chunks: Buffer[] = [];
  const { density } = provenance;
  if (density !== undefined) {
    const size = Buffer.alloc(9);
    for (const at of [0, 4]) size.writeUInt32BE(Math.round(density * inchesPerMeter), at);
    size[8] = 1;
    chunks.push(chunk('pHYs', size));
  }
  const xmp = xmpOf(provenance);
  if (xmp) chunks.push(chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`)));
  return chunks;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
