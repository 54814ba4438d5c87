/** The formats that are read and written, by the names that sharp uses. */
const contentTypes = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  tiff: 'image/tiff',
  gif: 'image/gif',
  dicom: 'application/dicom',
  cube: 'application/x-cube-lut',
} as const;

export type Format = keyof typeof contentTypes;

/** What is written: GIF cannot hold a photo, DICOM would need a patient, and a color table is no picture. */
export type OutputFormat = Exclude<Format, 'gif' | 'dicom' | 'cube'>;

export function contentTypeOf(format: Format): string {
  return contentTypes[format];
}

/** Whether the brands of an image's container (ISO 23008-12) say HEIC, which AVIF shares it with. */
export function isHeic(head: Uint8Array): boolean {
  const start = String.fromCharCode(...head.subarray(4, 32));
  return start.startsWith('ftyp') && /he[iv][cxms]/.test(start) && !/avi[fs]/.test(start);
}

export function isFormat(name: string | undefined): name is Format {
  return name !== undefined && Object.hasOwn(contentTypes, name);
}
