/** A decoded image, and what is asked of its decoder. */

import type { Modality } from '../vision/modality.ts';
import type { SampleValues } from '../vision/object-table.ts';
import type { FilePixelSize } from '../vision/pixel-size.ts';
import type { Format } from './formats.ts';
import type { Provenance } from './provenance.ts';
import type { ValueRange } from './value-range.ts';

export interface Pixels {
  /** Interleaved samples, 8-bit, or 16-bit in the machine's byte order. */
  data: Buffer;
  width: number;
  height: number;
  /** 1 gray, 3 RGB, 4 RGB and straight alpha. */
  channels: 1 | 3 | 4;
  depth: 8 | 16;
  format: Format;
  /** Pages or frames in the file, of which one is decoded. */
  pages: number;
  /** Of a file with 16-bit samples: how many bits these use (8, 10, 12, 14 or 16). */
  bits?: number;
  /** What 16-bit samples of a medical image mean. */
  modality?: Modality;
  /** What 16-bit samples of other images stand for, if not for themselves. */
  values?: SampleValues;
  provenance?: Provenance;
  /** The range of the file's values that was spread over all samples, where these cannot hold the values themselves. */
  scaledFrom?: ValueRange;
  /** Where the file says it. */
  pixelSize?: FilePixelSize;
}

export interface DecodeOptions {
  /** Deeper samples are scaled down to this many bits. */
  maxDepth: 8 | 16;
  /** `flattened` lays the image on white. */
  alpha: 'kept' | 'flattened';
  /** Limit on width × height, checked before a pixel is decoded. */
  maxPixels: number;
  /** Counted from 1, which is also the default. */
  page?: number;
  /** A further check on width × height, also before; throws. */
  check?: (pixels: number) => void;
}
