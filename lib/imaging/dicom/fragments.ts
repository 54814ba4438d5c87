import { type DataSet, type Element, viewOf } from './data-set.ts';
import { readHeader, tags } from './encoding.ts';
import { corrupt } from './problems.ts';

/** A fragment's place in the value of the pixel data, in bytes. */
interface Fragment {
  /** Where its item starts, which the offset tables count from their end on. */
  item: number;
  start: number;
  end: number;
}

/** JPEG-LS begins as JPEG does. */
const startOfJpeg = 0xffd8;
const startOfJpeg2000 = 0xff4f;

/** A frame in more fragments than this is damaged. */
const maxFragments = 65_536;

/**
 * The bytes of frame `index`, counted from 0, of pixel data in fragments (PS3.5, annex A.4). Frames are told apart by the
 * extended or basic offset table, or, where there is none, by one fragment each or by how compressed images begin.
 */
export function encapsulatedFrame(dataSet: DataSet, pixelData: Element, index: number, frames: number): Uint8Array {
  const { value } = pixelData;
  const { littleEndian } = dataSet.encoding;
  const items = itemsOf(value, littleEndian);
  const { value: table } = items.next();
  if (!table) throw corrupt('its pixel data are empty');
  const belongs = selector(dataSet, value, table, index, frames);
  const parts: Uint8Array[] = [];
  for (const fragment of items) {
    if (!belongs(fragment)) continue;
    if (parts.length === maxFragments) throw corrupt(`frame ${index + 1} has more than ${maxFragments} fragments`);
    parts.push(value.subarray(fragment.start, fragment.end));
  }
  if (parts.length === 0) throw corrupt(`it has no pixel data for frame ${index + 1}`);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** Tells whether a fragment belongs to the frame; to be asked in order. `table` is the item of the basic offset table. */
function selector(
  dataSet: DataSet,
  value: Uint8Array,
  table: Fragment,
  index: number,
  frames: number,
): (fragment: Fragment) => boolean {
  if (frames === 1) return () => true;
  let current = -1;
  // The table is an item, too.
  if (countOf(itemsOf(value, dataSet.encoding.littleEndian)) === frames + 1) return () => ++current === index;
  const offset = offsets(dataSet, value.subarray(table.start, table.end), frames);
  if (offset) {
    const [from, to] = [offset(index), index + 1 < frames ? offset(index + 1) : Number.POSITIVE_INFINITY];
    return ({ item }) => item - table.end >= from && item - table.end < to;
  }
  return ({ start }) => {
    const marker = value[start] * 256 + value[start + 1];
    if (marker === startOfJpeg || marker === startOfJpeg2000) current++;
    return current === index;
  };
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count++;
  return count;
}

/** Where frames begin, from the end of the basic offset table on; undefined where neither table knows all. */
function offsets(dataSet: DataSet, basic: Uint8Array, frames: number): ((frame: number) => number) | undefined {
  const { littleEndian } = dataSet.encoding;
  const extended = dataSet.element('ExtendedOffsetTable')?.value;
  if (extended && extended.length >= 8 * frames) {
    const view = viewOf(extended);
    return (frame) => Number(view.getBigUint64(8 * frame, littleEndian));
  }
  if (basic.length < 4 * frames) return undefined;
  const view = viewOf(basic);
  return (frame) => view.getUint32(4 * frame, littleEndian);
}

/** The items that have a value, and the first, the offset table, in any case. */
function* itemsOf(value: Uint8Array, littleEndian: boolean): Generator<Fragment, undefined> {
  const view = viewOf(value);
  let at = 0;
  while (at + 8 <= value.length) {
    const header = readHeader(view, at, { explicit: true, littleEndian });
    if (header?.tag !== tags.item || header.length === null) return;
    const end = header.value + header.length;
    if (end > value.length) throw corrupt('its pixel data end early');
    if (header.length > 0 || at === 0) yield { item: at, start: header.value, end };
    at = end;
  }
}
