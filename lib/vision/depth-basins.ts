/** Splits objects where they touch, by the depth of their pixels: the distance to the nearest background pixel. */

export interface Basins {
  /** 0 for background, 1…count for basins. */
  labels: Int32Array;
  count: number;
}

/** Steps of a pixel in which depths are told apart. */
const levelsPerPixel = 32;
const maxLevel = 65_535;

/**
 * Watershed of a depth map, flooded from its maxima (Vincent & Soille 1991). Two basins that meet stay apart only where the
 * depth at which they meet is less than `ratio` of the lower maximum, as h-maxima of the logarithm of the depth do (Soille 2003,
 * ch. 6): what is a neck between small objects is a dent in a large one, whatever the resolution. Every pixel deeper than 0
 * belongs to a basin; there are no lines between them. O(pixels): one counting sort, and a union-find of the basins.
 */
export function depthBasins(depth: Float32Array, rows: number, cols: number, ratio: number): Basins {
  const order = byDepth(depth);
  const labels = new Int32Array(rows * cols);
  // Of basin b: another basin that it has become a part of, or itself; and its greatest depth.
  const parent = [0];
  const peak = [0];
  const rootOf = (basin: number): number => {
    let root = basin;
    while (parent[root] !== root) root = parent[root];
    while (parent[basin] !== root) [parent[basin], basin] = [root, parent[basin]];
    return root;
  };
  const join = (a: number, b: number, at: number): number => {
    const [low, high] = peak[a] < peak[b] ? [a, b] : [b, a];
    if (at >= ratio * peak[low]) parent[low] = high;
    return parent[low] === high ? high : a;
  };
  for (const i of order) {
    const at = depth[i];
    const x = i % cols;
    const up = i >= cols;
    const down = i < labels.length - cols;
    let own = 0;
    let deepest = -1;
    for (let dy = up ? -1 : 0; dy <= (down ? 1 : 0); dy++) {
      for (let dx = x > 0 ? -1 : 0; dx <= (x < cols - 1 ? 1 : 0); dx++) {
        const n = i + dy * cols + dx;
        if (labels[n] === 0) continue;
        const root = rootOf(labels[n]);
        if (own === 0) {
          own = root;
          deepest = depth[n];
        } else if (root !== own) {
          const joined = join(own, root, at);
          // Where both stay, the pixel goes uphill.
          if (joined === own && parent[root] === root && depth[n] > deepest) own = root;
          else own = rootOf(own);
          deepest = Math.max(deepest, depth[n]);
        } else deepest = Math.max(deepest, depth[n]);
      }
    }
    if (own === 0) {
      own = parent.length;
      parent.push(own);
      peak.push(at);
    }
    labels[i] = own;
  }
  const numbers = new Int32Array(parent.length);
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    const root = rootOf(labels[i]);
    if (numbers[root] === 0) numbers[root] = ++count;
    labels[i] = numbers[root];
  }
  return { labels, count };
}

/** The indices of all pixels deeper than 0, the deepest first. */
function byDepth(depth: Float32Array): Uint32Array {
  const starts = new Uint32Array(maxLevel + 2);
  const levelOf = (value: number) => Math.min(maxLevel, Math.ceil(value * levelsPerPixel));
  for (let i = 0; i < depth.length; i++) if (depth[i] > 0) starts[maxLevel - levelOf(depth[i]) + 1]++;
  for (let level = 1; level < starts.length; level++) starts[level] += starts[level - 1];
  const order = new Uint32Array(starts[maxLevel + 1]);
  for (let i = 0; i < depth.length; i++) if (depth[i] > 0) order[starts[maxLevel - levelOf(depth[i])]++] = i;
  return order;
}
