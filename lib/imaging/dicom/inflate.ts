import { constants, inflateRawSync } from 'node:zlib';
import { maxInflatedBytes } from '../../limits.ts';
import { imageTooLarge } from '../../problems.ts';
import { corrupt } from './problems.ts';

/** Inflates a data set (PS3.5, annex A.5). Throws `image-too-large` and `corrupt-image`. */
export function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxInflatedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw imageTooLarge('image', maxInflatedBytes);
    throw corrupt(`its deflated data set is damaged (${message})`);
  }
}
