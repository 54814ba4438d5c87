/** Text in TIFF's first directory, which EXIF has too (TIFF 6.0, section 2; EXIF 2.32). */

const ascii = 2;
const maxEntries = 1000;

/** The text of a tag in the first directory; undefined where there is none, or the file is damaged or a BigTIFF. */
export function readText(bytes: Uint8Array, tag: number): string | undefined {
  try {
    return textAt(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes, tag);
  } catch (error) {
    // Of a DataView, at an offset beyond the file.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function textAt(view: DataView, bytes: Uint8Array, tag: number): string | undefined {
  const little = bytes[0] === 0x49;
  if (view.getUint16(2, little) !== 42) return undefined;
  const directory = view.getUint32(4, little);
  const entries = Math.min(maxEntries, view.getUint16(directory, little));
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (view.getUint16(at, little) !== tag || view.getUint16(at + 2, little) !== ascii) continue;
    const count = view.getUint32(at + 4, little);
    const from = count <= 4 ? at + 8 : view.getUint32(at + 8, little);
    // EXIF's copyright is the photographer's, then the editor's after a NUL.
    const text = new TextDecoder().decode(bytes.subarray(from, from + count));
    return text.split('\0')[0].trim() || text.replaceAll('\0', '').trim() || undefined;
  }
  return undefined;
}
