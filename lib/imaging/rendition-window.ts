/** Deep samples on a screen. */
import sharp, { type Sharp } from 'sharp';
import { clippedRange } from '../vision/clipped-range.ts';
import { windowEnds } from '../vision/modality.ts';
import type { Samples } from './strips.ts';

/**
 * Samples of a 16-bit file on 8 bits: of a medical image what the window of its file shows, else from nearly the darkest sample to
 * nearly the brightest one. `image` has the samples, made smaller.
 */
export async function showWindow(image: Sharp, { channels, depth, modality }: Samples): Promise<Sharp> {
  const { data, info } = await samplesOf(image, channels === 1, depth);
  const samples = depth === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
  const top = 2 ** depth - 1;
  const { black, white } = modality ? windowEnds(modality) : clippedRange(samples, info.channels, top);
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
