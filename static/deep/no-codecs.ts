/** In place of `lib/imaging/dicom/codecs.ts`: its codecs are too large for a page. */
import { unsupported } from '../../lib/imaging/dicom/problems.ts';

export async function decodeFrame(): Promise<never> {
  throw unsupported('its frames are compressed, and the preview reads those that are not');
}
