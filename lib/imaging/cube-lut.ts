/**
 * Color tables in `.cube` files (Adobe, "Cube LUT Specification 1.0", 2013), read as pictures of 16 bits: a pixel for each entry, in the order of the file, so
 * that red changes fastest. A table of N × N × N has N rows of N · N pixels, a one-dimensional one a row of N.
 */
import { problem } from '../problems.ts';
import type { DecodeOptions, Pixels } from './pixels.ts';

const maxSize3d = 129;
const maxSize1d = 65_536;
/** Of the file's beginning, in which its keywords have to stand. */
const headLength = 8192;

interface Table {
  dimensions: 1 | 3;
  size: number;
}

/** Whether the bytes begin as such a file: with comments, a title, and a size. */
export function isCube(head: Uint8Array): boolean {
  return /^\s*[#A-Z]/.test(textOf(head.subarray(0, 64))) && tableOf(headText(head)) !== undefined;
}

/** The size of its picture. */
export function cubeSize(head: Uint8Array): { width: number; height: number } | undefined {
  const table = tableOf(headText(head));
  return table && pictureOf(table);
}

/** Throws `corrupt-image`, `unsupported-image` and `too-many-pixels`. */
export function decodeCube(bytes: Uint8Array, { maxDepth, page = 1 }: DecodeOptions): Pixels {
  const text = textOf(bytes);
  const table = tableOf(text) as Table;
  const { dimensions, size } = table;
  const most = dimensions === 3 ? maxSize3d : maxSize1d;
  if (size < 2 || size > most) throw refused(`LUT_${dimensions}D_SIZE is ${size}; 2 to ${most} are supported`);
  if (page !== 1)
    throw problem('invalid-parameter', `page is ${page}, but a color table has 1 page.`, { field: 'page' });
  checkDomain(text);
  const values = entriesOf(text, 3 * size ** dimensions);
  const full = maxDepth === 16 ? 65_535 : 255;
  const samples = values.map((value) => Math.round(full * Math.min(1, Math.max(0, value))));
  const narrow = maxDepth === 16 ? Uint16Array.from(samples) : Uint8Array.from(samples);
  const data = Buffer.from(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  return { data, ...pictureOf(table), channels: 3, depth: maxDepth, format: 'cube', pages: 1 };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

function headText(head: Uint8Array): string {
  return textOf(head.subarray(0, headLength));
}

function tableOf(text: string): Table | undefined {
  // Nothing but comments and keywords may stand before the size.
  const found =
    /^(?:[ \t]*(?:#[^\n]*|TITLE[^\n]*|DOMAIN_[^\n]*|LUT_[^\n]*_INPUT_RANGE[^\n]*)?\r?\n)*[ \t]*LUT_([13])D_SIZE[ \t]+(\d{1,6})/.exec(
      text.slice(0, headLength),
    );
  return found ? { dimensions: Number(found[1]) as 1 | 3, size: Number(found[2]) } : undefined;
}

function pictureOf({ dimensions, size }: Table): { width: number; height: number } {
  return dimensions === 3 ? { width: size * size, height: size } : { width: size, height: 1 };
}

/** Other domains than 0 to 1 are of film scans, whose pixels are not those of pictures here. */
function checkDomain(text: string): void {
  for (const [name, usual] of [
    ['DOMAIN_MIN', 0],
    ['DOMAIN_MAX', 1],
  ] as const) {
    const value = new RegExp(`^[ \\t]*${name}[ \\t]+([^\\r\\n]*)`, 'm').exec(text.slice(0, headLength))?.[1].trim();
    if (value?.split(/\s+/).some((part) => Number(part) !== usual))
      throw refused(`${name} is ${value}; ${usual} ${usual} ${usual} is read`);
  }
}

function entriesOf(text: string, count: number): Float64Array {
  const values = new Float64Array(count);
  let filled = 0;
  for (const line of text.split('\n')) {
    if (!/^\s*[-+.\d]/.test(line)) continue;
    const entry = line.trim().split(/\s+/).map(Number);
    if (entry.length !== 3 || entry.some((value) => !Number.isFinite(value)))
      throw damaged(`"${line.trim().slice(0, 40)}" is no entry`);
    if (filled < count) values.set(entry, filled);
    filled += 3;
  }
  if (filled !== count) throw damaged(`it has ${filled / 3} entries, and its size says ${count / 3}`);
  return values;
}

function damaged(reason: string) {
  return problem('corrupt-image', `The color table cannot be read: ${reason}.`);
}

function refused(reason: string) {
  return problem('unsupported-image', `The color table is not supported: ${reason}.`);
}
