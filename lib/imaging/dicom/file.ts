import { constants, inflateRawSync } from 'node:zlib';
import { imageTooLarge } from '../image-problems.ts';
import { DataSet } from './data-set.ts';
import { explicitLittleEndian, guessEncoding, implicitLittleEndian, readHeader } from './encoding.ts';
import { corrupt } from './problems.ts';

const transferSyntaxTag = 0x0002_0010;
const implicitVr = '1.2.840.10008.1.2';
const explicitVr = '1.2.840.10008.1.2.1';
const explicitVrBigEndian = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';
/** A deflated data set may not become larger: more than the largest image of 16 bits. */
const maxInflatedBytes = 2 ** 28;

export interface DicomFile {
  /** The UID of the transfer syntax, which tells how the pixels are compressed. */
  transferSyntax: string;
  dataSet: DataSet;
}

/** Reads a DICOM file (PS3.10), with or without preamble and file meta information. */
export function readDicomFile(bytes: Uint8Array): DicomFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM' ? 132 : 0;
  const { transferSyntax: stated, end } = readMetaInformation(view, start);
  const rest = stated === deflated ? inflate(bytes.subarray(end)) : bytes.subarray(end);
  const encoding = guessEncoding(new DataView(rest.buffer, rest.byteOffset, rest.length), 0, encodingOf(stated));
  const uncompressed = encoding.explicit ? explicitVr : implicitVr;
  return { transferSyntax: stated ?? uncompressed, dataSet: new DataSet(rest, encoding) };
}

function encodingOf(transferSyntax: string | undefined) {
  if (transferSyntax === implicitVr) return implicitLittleEndian;
  return { ...explicitLittleEndian, littleEndian: transferSyntax !== explicitVrBigEndian };
}

/** Group 2 is explicit and little-endian in every file, and its stated length not to be relied on. */
function readMetaInformation(view: DataView, start: number) {
  let [at, transferSyntax] = [start, undefined as string | undefined];
  const encoding = guessEncoding(view, start, explicitLittleEndian);
  for (;;) {
    const header = readHeader(view, at, { ...encoding, littleEndian: true });
    if (header === null || header.tag >>> 16 !== 2 || header.length === null) return { transferSyntax, end: at };
    at = Math.min(view.byteLength, header.value + header.length);
    if (header.tag !== transferSyntaxTag) continue;
    const uid = Buffer.from(view.buffer, view.byteOffset + header.value, at - header.value).toString('latin1');
    transferSyntax = uid.replaceAll('\0', '').trim() || undefined;
  }
}

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: maxInflatedBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw imageTooLarge('image', maxInflatedBytes);
    throw corrupt(`its deflated data set is damaged (${(error as Error).message})`);
  }
}
