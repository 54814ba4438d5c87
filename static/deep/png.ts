/** 16-bit PNG (W3C, Portable Network Graphics, third edition), of which a canvas would keep the upper 8 bits. */
import type { DeepImage } from './deep-image.ts';

type Header = Pick<DeepImage, 'width' | 'height'> & { bytesPerPixel: number; colorType: number };

/** Whether it is a 16-bit file that is read here: gray or RGB, opaque, not interlaced. */
export function isDeepPng(bytes: Uint8Array): boolean {
  return headerOf(bytes) !== undefined;
}

function headerOf(bytes: Uint8Array): Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 33 || view.getUint32(0) !== 0x8950_4e47) return undefined;
  const [depth, colorType, interlaced] = [bytes[24], bytes[25], bytes[28]];
  const channels = { 0: 1, 2: 3 }[colorType];
  if (depth !== 16 || interlaced !== 0 || channels === undefined) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20), bytesPerPixel: 2 * channels, colorType };
}

/** Its samples. Throws where the file is damaged. */
export async function decodeDeepPng(bytes: Uint8Array<ArrayBuffer>): Promise<DeepImage> {
  const { width, height, bytesPerPixel, colorType } = headerOf(bytes) as Header;
  const lines = await inflated(dataOf(bytes));
  const lineBytes = width * bytesPerPixel;
  if (lines.length < (lineBytes + 1) * height) throw new Error('The file ends early.');
  const channels = colorType === 0 ? 1 : 3;
  const data = new Uint16Array(width * height * channels);
  let before = new Uint8Array(lineBytes);
  for (let y = 0; y < height; y++) {
    const start = y * (lineBytes + 1);
    const line = lines.subarray(start + 1, start + 1 + lineBytes);
    unfilter(line, before, lines[start], bytesPerPixel);
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++) {
        const at = x * bytesPerPixel + 2 * channel;
        data[(y * width + x) * channels + channel] = (line[at] << 8) | line[at + 1];
      }
    before = line;
  }
  return { width, height, channels, data, modality: undefined };
}

/** The chunks IDAT, one behind the other. */
function dataOf(bytes: Uint8Array<ArrayBuffer>): Blob {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x4944_4154) parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return new Blob(parts);
}

async function inflated(data: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const stream = data.stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Section 9 of the specification: each byte from those at the left, above, and left above. */
function unfilter(line: Uint8Array, above: Uint8Array, filter: number, back: number): void {
  for (let i = 0; i < line.length; i++) {
    const left = i >= back ? line[i - back] : 0;
    const up = above[i];
    const corner = i >= back ? above[i - back] : 0;
    if (filter === 1) line[i] += left;
    else if (filter === 2) line[i] += up;
    else if (filter === 3) line[i] += (left + up) >> 1;
    else if (filter === 4) line[i] += paeth(left, up, corner);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
