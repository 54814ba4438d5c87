import { DataSet, textOf, viewOf } from './data-set.ts';
import { type Encoding, explicitLittleEndian, guessEncoding, implicitLittleEndian, readHeader } from './encoding.ts';

const transferSyntaxTag = 0x0002_0010;
const implicitVr = '1.2.840.10008.1.2';
const explicitVr = '1.2.840.10008.1.2.1';
const explicitVrBigEndian = '1.2.840.10008.1.2.2';
const deflated = '1.2.840.10008.1.2.1.99';

export interface DicomFile {
  /** The UID of the transfer syntax, which tells how the pixels are compressed. */
  transferSyntax: string;
  dataSet: DataSet;
}

/**
 * Reads a DICOM file (PS3.10), with or without preamble and file meta information. `inflate` is asked for the data set
 * where that is deflated. Runs in the page, too.
 */
export function readDicomFile(bytes: Uint8Array, inflate: (deflated: Uint8Array) => Uint8Array): DicomFile {
  const start = String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM' ? 132 : 0;
  const { transferSyntax: stated, end } = readMetaInformation(bytes, start);
  const rest = bytes.subarray(end);
  const content = stated === deflated ? inflate(rest) : rest;
  const encoding = guessEncoding(viewOf(content), 0, encodingOf(stated));
  const uncompressed = encoding.explicit ? explicitVr : implicitVr;
  return { transferSyntax: stated ?? uncompressed, dataSet: new DataSet(content, encoding) };
}

/** Width and height by a file's first bytes; undefined where they do not tell. */
export function dicomSize(head: Uint8Array): { width: number; height: number } | undefined {
  const { dataSet } = readDicomFile(head, () => new Uint8Array());
  const [width, height] = [dataSet.number('Columns'), dataSet.number('Rows')];
  return width && height ? { width, height } : undefined;
}

function encodingOf(transferSyntax: string | undefined): Encoding {
  if (transferSyntax === implicitVr) return implicitLittleEndian;
  return { ...explicitLittleEndian, littleEndian: transferSyntax !== explicitVrBigEndian };
}

/** Group 2 is little-endian in every file, explicit in most, and its stated length not to be relied on. */
function readMetaInformation(bytes: Uint8Array, start: number): { transferSyntax: string | undefined; end: number } {
  const view = viewOf(bytes);
  const { explicit } = guessEncoding(view, start, explicitLittleEndian);
  let transferSyntax: string | undefined;
  for (let at = start; ; ) {
    const header = readHeader(view, at, { explicit, littleEndian: true });
    if (header === null || header.tag >>> 16 !== 2 || header.length === null) return { transferSyntax, end: at };
    at = header.value + header.length;
    if (header.tag === transferSyntaxTag) transferSyntax = textOf(bytes.subarray(header.value, at)) || undefined;
  }
}
