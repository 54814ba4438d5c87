/** Plans at which sizes and in which parts an image is searched for faces. */

/** The smallest face that the full-range model sees, as a part of its input's side (measured). */
const smallestShare = 0.1;
/** Neighboring tiles share at least this part of their side: a face that is not larger lies whole in one of them. */
const tileOverlap = 0.2;
/** From one size of the image to the next: a face too large for the tiles' overlap is large enough for the next size. */
const sizeStep = tileOverlap / smallestShare;
/** What a search may take: about half a minute. An image of 100 megapixels is searched for faces of 24 pixels with it. */
const maxTiles = 4000;

/** The image at one size, and where its tiles are. */
export interface SearchLevel {
  width: number;
  height: number;
  /** Left edges and top edges of the tiles. */
  columns: number[];
  rows: number[];
}

/**
 * The sizes of an image, from the largest on, whose square tiles of `tile` pixels show all faces from `smallest` pixels on
 * whole and large enough. The last size is that of one tile.
 */
export function planSearch(width: number, height: number, smallest: number, tile: number): SearchLevel[] {
  const last = levelAt(tile / Math.max(width, height));
  const levels: SearchLevel[] = [];
  for (let scale = (smallestShare * tile) / smallest; scale > last.scale; scale /= sizeStep)
    levels.push(levelAt(scale));
  return [...levels, last];

  function levelAt(scale: number) {
    const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    return { scale, ...size, columns: starts(size.width, tile), rows: starts(size.height, tile) };
  }
}

/** The side of the smallest face, not smaller than `wanted`, that can be searched for without too many tiles. */
export function smallestSearchable(width: number, height: number, wanted: number, tile: number): number {
  let smallest = wanted;
  while (countTiles(planSearch(width, height, smallest, tile)) > maxTiles) smallest++;
  return smallest;
}

function countTiles(levels: readonly SearchLevel[]): number {
  return levels.reduce((sum, { columns, rows }) => sum + columns.length * rows.length, 0);
}

/** Evenly spread positions at which intervals of `size` cover `length` with the overlap. */
function starts(length: number, size: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - size) / (size * (1 - tileOverlap))) + 1;
  return Array.from({ length: count }, (_, i) => Math.floor((i * (length - size)) / (count - 1)));
}
