/** By what samples of 16 bits are reduced where a step takes 8: the rules of the service, which sees the whole image. */
import { bitsUsed, reductionOf } from '../../lib/imaging/depth.ts';
import type { DeepImage } from './deep-image.ts';

/** Nothing for what has 8 bits, or a window of its own. */
export function depthOf({ data, channels, modality }: DeepImage): Pick<DeepImage, 'bits' | 'reduction'> {
  if (!(data instanceof Uint16Array) || modality) return {};
  const bits = bitsUsed(data, channels);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { bits, reduction: reductionOf({ data: bytes, channels, depth: 16, bits }, 'auto') };
}
