/** Deep samples on a screen. */
import sharp, { type Sharp } from 'sharp';
import type { GrayScale } from '../vision/gray-scale.ts';
import { windowEnds } from '../vision/modality.ts';
import type { Samples } from './strips.ts';

/** So many of the darkest and of the brightest samples may be clipped: single hot pixels would leave the rest in the dark. */
const clippedShare = 0.001;

/**
 * Samples of a 16-bit file on 8 bits: of a medical image what the window of its file shows, else from nearly the darkest sample to
 * nearly the brightest one. `image` has the samples, made smaller.
 */
export async function showWindow(image: Sharp, { channels, depth, modality }: Samples): Promise<Sharp> {
  const { data, info } = await samplesOf(image, channels === 1, depth);
  const samples = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const top = 2 ** depth - 1;
  const { black, white } = modality ? windowEnds(modality) : rangeOf(samples, info.channels, top);
  const shown = Buffer.alloc(samples.length);
  const factor = 255 / Math.max(1, white - black);
  for (let i = 0; i < samples.length; i++) {
    const isAlpha = info.channels === 4 && (i & 3) === 3;
    shown[i] = isAlpha ? (samples[i] * 255) / top : Math.min(255, Math.max(0, (samples[i] - black) * factor));
  }
  const { width, height } = info;
  return sharp(shown, { raw: { width, height, channels: info.channels } });
}

function samplesOf(image: Sharp, gray: boolean, depth: 8 | 16) {
  if (depth === 16) image.toColorspace(gray ? 'grey16' : 'rgb16');
  else if (gray) image.toColorspace('b-w');
  return image.raw({ depth: depth === 16 ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
}

function rangeOf(samples: Uint16Array | Buffer, channels: number, top: number): GrayScale {
  const counts = new Uint32Array(65_536);
  let total = 0;
  for (let i = 0; i < samples.length; i++) {
    if (channels === 4 && (i & 3) === 3) continue;
    counts[samples[i]]++;
    total++;
  }
  const clipped = total * clippedShare;
  const end = (from: number, step: 1 | -1) => {
    let value = from;
    for (let seen = counts[value]; seen <= clipped && value + step >= 0 && value + step <= top; ) {
      value += step;
      seen += counts[value];
    }
    return value;
  };
  return { black: end(0, 1), white: end(top, -1) };
}
