/** In place of `lib/imaging/dicom/inflate.ts`. */
import { inflateSync } from 'fflate';
import { corrupt } from '../../lib/imaging/dicom/problems.ts';

export function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes);
  } catch (error) {
    throw corrupt(`its deflated data set is damaged (${(error as Error).message})`);
  }
}
