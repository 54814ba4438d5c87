import { corrupt } from './problems.ts';

/** What a compressed frame says of itself. */
export interface Codestream {
  width: number;
  height: number;
  /** Components of a pixel. */
  samples: number;
  /** Bits of a sample. */
  bits: number;
  signed: boolean;
  /** Whether one component comes after the other. */
  planar: boolean;
  /** Whether JPEG 2000's own color transform is used. */
  transformed: boolean;
}

/** Start of frame: JPEG's of all kinds (ITU-T T.81, table B.1) but DHT, JPG and DAC; JPEG-LS's (T.87). */
const isStartOfFrame = (marker: number) =>
  (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
const jpegLs = 0xf7;
const startOfScan = 0xda;

/** Reads the frame header of JPEG and JPEG-LS. */
export function readJpegHeader(bytes: Uint8Array): Codestream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let frame: Codestream | undefined;
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (isStartOfFrame(marker)) {
      const [bits, height, width, samples] = [
        bytes[at + 4],
        view.getUint16(at + 5),
        view.getUint16(at + 7),
        bytes[at + 9],
      ];
      frame = { width, height, samples, bits, signed: false, planar: false, transformed: false };
      if (marker !== jpegLs) return frame;
    }
    // Components that JPEG-LS does not interleave come one after the other: mode 0, in the scan's last byte but one.
    if (marker === startOfScan && frame) return { ...frame, planar: bytes[at + view.getUint16(at + 2)] === 0 };
    at += 2 + view.getUint16(at + 2);
  }
  throw corrupt('its pixel data are no JPEG image');
}

/** Reads the SIZ marker segment of JPEG 2000 (ITU-T T.800, A.5.1), which follows the start of the codestream. */
export function readJpeg2000Header(bytes: Uint8Array): Codestream {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('ff4fff51', 'hex');
  if (start < 0 || start + 43 > bytes.length) throw corrupt('its pixel data are no JPEG 2000 image');
  const view = new DataView(bytes.buffer, bytes.byteOffset + start + 4, bytes.length - start - 4);
  const [right, bottom, left, top] = [4, 8, 12, 16].map((at) => view.getUint32(at));
  const samples = view.getUint16(36);
  if (view.byteLength < 38 + 3 * samples) throw corrupt('its pixel data end early');
  const depths = Array.from({ length: samples }, (_, i) => view.getUint8(38 + 3 * i));
  const whole = Array.from({ length: 2 * samples }, (_, i) => view.getUint8(39 + 3 * (i >> 1) + (i & 1))).every(
    (step) => step === 1,
  );
  if (!whole || depths.some((depth) => depth !== depths[0]))
    throw corrupt('the components of its JPEG 2000 image differ');
  const [bits, signed] = [(depths[0] & 0x7f) + 1, depths[0] > 127];
  const transformed = usesColorTransform(view);
  return { width: right - left, height: bottom - top, samples, bits, signed, planar: false, transformed };
}

const codingStyle = 0xff52;
const startOfTile = 0xff90;

/** Looks into the COD marker segment (A.6.1) of the main header, which begins with the rest of SIZ. */
function usesColorTransform(view: DataView): boolean {
  for (let at = view.getUint16(0); at + 9 <= view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === codingStyle) return view.getUint8(at + 8) === 1;
    if (marker === startOfTile) break;
  }
  return false;
}
