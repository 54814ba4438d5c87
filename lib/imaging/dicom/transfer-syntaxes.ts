/** How pixels are compressed, by the UID of the transfer syntax (PS3.6, annex A). */
export type Compression = 'none' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'ht-jpeg-2000';

const compressions: Record<string, Compression> = {
  // Implicit, explicit, deflated, big-endian; in fragments.
  '1.2.840.10008.1.2': 'none',
  '1.2.840.10008.1.2.1': 'none',
  '1.2.840.10008.1.2.1.99': 'none',
  '1.2.840.10008.1.2.2': 'none',
  '1.2.840.10008.1.2.1.98': 'none',
  '1.2.840.10008.1.2.5': 'rle',
  // Baseline, Extended (also 12 bits), spectral selection, progressive; lossless with any predictor, and with the first.
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  '1.2.840.10008.1.2.4.53': 'jpeg',
  '1.2.840.10008.1.2.4.55': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg',
  '1.2.840.10008.1.2.4.70': 'jpeg',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
  '1.2.840.10008.1.2.4.201': 'ht-jpeg-2000',
  '1.2.840.10008.1.2.4.202': 'ht-jpeg-2000',
  '1.2.840.10008.1.2.4.203': 'ht-jpeg-2000',
};

export function compressionOf(transferSyntax: string): Compression | undefined {
  return Object.hasOwn(compressions, transferSyntax) ? compressions[transferSyntax] : undefined;
}
