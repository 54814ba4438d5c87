/** Writes DICOM files byte by byte (PS3.5, chapter 7), sound and unsound ones, for which a library would be too careful. */
import { deflateRawSync } from 'node:zlib';

/** Items of a sequence; fragments of pixel data behind a basic offset table. */
type Value =
  | string
  | number
  | number[]
  | Uint8Array
  | { items: ElementInit[][] }
  | { table?: number[]; fragments: Uint8Array[] };

/** An element as 0xggggeeee, VR and value; or bytes as they are to stand in the file. */
export type ElementInit = readonly [tag: number, vr: string, value: Value] | Uint8Array;

export interface WriteOptions {
  /** Of the file meta information; without one there is none. */
  transferSyntax?: string;
  explicit?: boolean;
  littleEndian?: boolean;
  preamble?: boolean;
  deflate?: boolean;
  /** Whether sequences are ended by delimiters instead of having a length. */
  undefinedLength?: boolean;
}

const explicitVr = '1.2.840.10008.1.2.1';
const longVrs = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT'];
const undefinedLength = 0xffff_ffff;

export function writeDicom(elements: ElementInit[], options: WriteOptions = {}): Buffer<ArrayBuffer> {
  const settings = { transferSyntax: explicitVr, explicit: true, littleEndian: true, preamble: true, ...options };
  const { transferSyntax, preamble, deflate } = settings;
  const dataSet = Buffer.concat(elements.map((element) => encode(element, settings)));
  const meta = transferSyntax === '' ? Buffer.alloc(0) : metaInformation(transferSyntax);
  const start = preamble ? Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]) : Buffer.alloc(0);
  return Buffer.concat([start, meta, deflate ? deflateRawSync(dataSet) : dataSet]);
}

function metaInformation(transferSyntax: string): Buffer {
  const style = { explicit: true, littleEndian: true };
  const rest = Buffer.concat([
    encode([0x0002_0002, 'UI', '1.2.840.10008.5.1.4.1.1.7'], style),
    encode([0x0002_0010, 'UI', transferSyntax], style),
  ]);
  return Buffer.concat([encode([0x0002_0000, 'UL', rest.length], style), rest]);
}

type Style = Pick<WriteOptions, 'explicit' | 'littleEndian' | 'undefinedLength'>;

function encode(element: ElementInit, style: Style): Buffer {
  if (element instanceof Uint8Array) return Buffer.from(element);
  const [tag, vr, value] = element;
  const open =
    typeof value === 'object' && ('fragments' in value || ('items' in value && style.undefinedLength === true));
  const body = encodeValue(vr, value, style);
  return Buffer.concat([header(tag, vr, open ? undefinedLength : body.length, style), body]);
}

function header(tag: number, vr: string, length: number, style: Style): Buffer {
  const tagBytes = Buffer.concat([uint(tag >>> 16, 2, style), uint(tag & 0xffff, 2, style)]);
  if (!style.explicit || vr === '') return Buffer.concat([tagBytes, uint(length, 4, style)]);
  const lengthBytes = longVrs.includes(vr)
    ? Buffer.concat([Buffer.alloc(2), uint(length, 4, style)])
    : uint(length, 2, style);
  return Buffer.concat([tagBytes, Buffer.from(vr), lengthBytes]);
}

function encodeValue(vr: string, value: Value, style: Style): Buffer {
  if (value instanceof Uint8Array) return even(Buffer.from(value), 0);
  if (typeof value === 'string') return even(Buffer.from(value, 'latin1'), vr === 'UI' ? 0 : 32);
  if (typeof value === 'number' || Array.isArray(value)) {
    const bytes = vr === 'UL' || vr === 'SL' ? 4 : 2;
    return Buffer.concat([value].flat().map((number) => uint(number, bytes, style)));
  }
  const end = header(0xfffe_e0dd, '', 0, style);
  if ('fragments' in value) {
    const table = Buffer.concat((value.table ?? []).map((offset) => uint(offset, 4, style)));
    const items = [table, ...value.fragments].map((bytes) => item(even(Buffer.from(bytes), 0), style));
    return Buffer.concat([...items, end]);
  }
  const items = value.items.map((elements) => item(Buffer.concat(elements.map((one) => encode(one, style))), style));
  return Buffer.concat(style.undefinedLength ? [...items, end] : items);
}

function item(content: Buffer, style: Style): Buffer {
  return Buffer.concat([header(0xfffe_e000, '', content.length, style), content]);
}

function uint(value: number, bytes: 2 | 4, { littleEndian }: Style): Buffer {
  const buffer = Buffer.alloc(bytes);
  const unsigned = value < 0 ? value + 2 ** (8 * bytes) : value;
  if (littleEndian) buffer.writeUIntLE(unsigned, 0, bytes);
  else buffer.writeUIntBE(unsigned, 0, bytes);
  return buffer;
}

function even(bytes: Buffer, padding: number): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([padding])]);
}

export interface ImageInit {
  columns: number;
  rows: number;
  bits?: number;
  stored?: number;
  signed?: boolean;
  samples?: number;
  model?: string;
  frames?: number;
  /** Further elements of any group; one of a tag that is there replaces it. */
  more?: ElementInit[];
  pixels: Value;
}

/** The elements of an image, in the order of their tags. */
export function imageElements({ columns, rows, bits = 16, stored = bits, pixels, ...init }: ImageInit): ElementInit[] {
  const { signed = false, samples = 1, model = 'MONOCHROME2', frames, more = [] } = init;
  const given = more.flatMap((element) => (element instanceof Uint8Array ? [] : [element[0]]));
  const own: ElementInit[] = [
    [0x0008_0005, 'CS', 'ISO_IR 100'],
    [0x0008_0060, 'CS', 'OT'],
    [0x0010_0010, 'PN', 'Secret^Person'],
    [0x0028_0002, 'US', samples],
    [0x0028_0004, 'CS', model],
    ...(frames === undefined ? [] : [[0x0028_0008, 'IS', `${frames} `] as const]),
    [0x0028_0010, 'US', rows],
    [0x0028_0011, 'US', columns],
    [0x0028_0100, 'US', bits],
    [0x0028_0101, 'US', stored],
    [0x0028_0102, 'US', stored - 1],
    [0x0028_0103, 'US', signed ? 1 : 0],
    [0x7fe0_0010, bits === 8 ? 'OB' : 'OW', pixels],
  ];
  const all = [...own.filter((element) => !given.includes(tagOf(element))), ...more];
  return all.sort((a, b) => tagOf(a) - tagOf(b));
}

/** Bytes as they are stand where the tag in their first four, little-endian, puts them. */
function tagOf(element: ElementInit): number {
  if (!(element instanceof Uint8Array)) return element[0];
  const [a, b, c, d] = element;
  return ((b << 8) | a) * 0x1_0000 + ((d << 8) | c);
}
