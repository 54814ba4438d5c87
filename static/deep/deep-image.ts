/** Images with samples that no canvas holds: 16 bits deep, or of formats that browsers do not show. */
import type { Reduction } from '../../lib/imaging/depth.ts';
import { clippedRange } from '../../lib/vision/clipped-range.ts';
import { type Modality, windowEnds } from '../../lib/vision/modality.ts';

export interface DeepImage {
  width: number;
  height: number;
  channels: 1 | 3;
  data: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  modality: Modality | undefined;
  /** How many bits the samples use, and what they are reduced by, in the whole of the file's image. */
  bits?: number;
  reduction?: Reduction | undefined;
}

/** Smaller by a whole factor, each sample the mean of those it stands for, so that no side is longer than `maxSide`. */
export function reducedDeep(image: DeepImage, maxSide: number): DeepImage {
  const factor = Math.ceil(Math.max(image.width, image.height) / maxSide);
  if (factor <= 1) return image;
  const { channels, data } = image;
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.floor(side / factor)));
  const [across, down] = [Math.min(factor, image.width), Math.min(factor, image.height)];
  const reduced =
    data instanceof Uint16Array
      ? new Uint16Array(width * height * channels)
      : new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++, at++) {
        let sum = 0;
        for (let dy = 0; dy < down; dy++) {
          const row = ((y * factor + dy) * image.width + x * factor) * channels + channel;
          for (let dx = 0; dx < across; dx++) sum += data[row + dx * channels];
        }
        reduced[at] = Math.round(sum / (across * down));
      }
    }
  }
  return { ...image, width, height, data: reduced };
}

/** The middle of it, so that no side is longer than `maxSide`. */
export function middleOfDeep(image: DeepImage, maxSide: number): DeepImage {
  const [width, height] = [Math.min(maxSide, image.width), Math.min(maxSide, image.height)];
  const { channels } = image;
  const data = image.data.slice(0, width * height * channels);
  const [left, top] = [(image.width - width) >> 1, (image.height - height) >> 1];
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { ...image, width, height, data };
}

/** The window, in the image's own values, in which it is shown at first: that of the file, else nearly all of its range. */
export function usualWindow(image: DeepImage): Modality['window'] {
  if (image.modality) return image.modality.window;
  return image.data instanceof Uint8Array ? { center: 128, width: 256 } : rangeWindow(image);
}

/** Samples that stand for nothing else. */
const themselves = { offset: 0, factor: 1 };

/** The window that shows nearly all of its range. */
export function rangeWindow({ data, channels, modality }: DeepImage): Modality['window'] {
  const { black, white } = clippedRange(data, channels, data instanceof Uint8Array ? 255 : 65_535);
  const { offset, factor } = modality?.values ?? themselves;
  const [middle, width] = [Math.round((black + white + 1) / 2), Math.max(2, white - black + 1)];
  // The windows of samples that run against the values begin one sample later.
  return { center: offset + factor * (factor < 0 ? middle - 1 : middle), width: Math.abs(factor) * width };
}

/** As a window shows it. */
export function shownDeep(image: DeepImage, window = usualWindow(image)): ImageData {
  const { width, height, channels, data, modality } = image;
  const { black, white } = windowEnds({ values: modality?.values ?? themselves, window });
  const slope = 255 / (white - black);
  const shown = new Uint8ClampedArray(width * height * 4);
  for (let i = 0, at = 0; i < width * height; i++, at += 4) {
    for (let channel = 0; channel < 3; channel++) {
      shown[at + channel] = (data[i * channels + (channels === 1 ? 0 : channel)] - black) * slope;
    }
    shown[at + 3] = 255;
  }
  return new ImageData(shown, width, height);
}
