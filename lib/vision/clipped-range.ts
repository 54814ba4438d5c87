import type { GrayScale } from './gray-scale.ts';

/** So many of the darkest and of the brightest samples may be clipped: single hot pixels would leave the rest in the dark. */
const clippedShare = 0.001;

/**
 * The samples that are shown as black and as white: nearly the darkest and nearly the brightest of those up to `top`. The last of four
 * channels is transparency, and does not count.
 */
export function clippedRange(samples: Uint16Array | Uint8Array, channels: number, top: number): GrayScale {
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
