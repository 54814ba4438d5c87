/** Synthetic images of objects whose number, place and outline are known. Every image is made from a seed and is always the same. */
import sharp from 'sharp';

export interface Ellipse {
  x: number;
  y: number;
  /** Half axes in pixels. */
  a: number;
  b: number;
  /** Of the first axis, in radians. */
  angle: number;
}

export interface Scene {
  width: number;
  height: number;
  objects: Ellipse[];
  /** Gray values of background and objects before light and noise. */
  background: number;
  foreground: number;
  /** The light falls to 1 - vignette in the corners. */
  vignette: number;
  /** Standard deviation of the noise, in gray values. */
  noise: number;
  seed: number;
}

export interface Truth {
  /** As a file. */
  png: Buffer;
  width: number;
  height: number;
  /** 0 for background, i + 1 for the i-th object; where two overlap, the later one. */
  labels: Int32Array;
  count: number;
}

/** Uniform numbers in [0, 1) (mulberry32, T. Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed numbers (Box & Muller 1958). */
export function gaussianFrom(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Samples per pixel and axis, so that outlines are as soft as a camera's. */
const samples = 4;

export async function render(scene: Scene): Promise<Truth> {
  const { width, height, objects, background, foreground, vignette, noise, seed } = scene;
  const covered = new Float32Array(width * height);
  const labels = new Int32Array(width * height);
  objects.forEach((object, index) => {
    const reach = Math.max(object.a, object.b) + 2;
    for (let y = Math.max(0, Math.floor(object.y - reach)); y <= Math.min(height - 1, object.y + reach); y++) {
      for (let x = Math.max(0, Math.floor(object.x - reach)); x <= Math.min(width - 1, object.x + reach); x++) {
        const cover = coverage(object, x, y);
        const i = y * width + x;
        covered[i] = Math.max(covered[i], cover);
        if (cover >= 0.5) labels[i] = index + 1;
      }
    }
  });
  const gaussian = gaussianFrom(randomFrom(seed ^ 0x9e3779b9));
  const pixels = new Uint8ClampedArray(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const fromCenter = Math.hypot((2 * x) / width - 1, (2 * y) / height - 1) / Math.SQRT2;
      const light = 1 - vignette * fromCenter ** 2;
      pixels[i] = (background + (foreground - background) * covered[i]) * light + noise * gaussian();
    }
  }
  const png = await sharp(Buffer.from(pixels.buffer), { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { png, width, height, labels, count: objects.length };
}

/** How much of the pixel is inside the ellipse, from 0 to 1. */
function coverage({ x: cx, y: cy, a, b, angle }: Ellipse, x: number, y: number): number {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let inside = 0;
  for (let s = 0; s < samples; s++) {
    for (let t = 0; t < samples; t++) {
      const dx = x + (s + 0.5) / samples - 0.5 - cx;
      const dy = y + (t + 0.5) / samples - 0.5 - cy;
      const [u, v] = [(dx * cos + dy * sin) / a, (dy * cos - dx * sin) / b];
      if (u * u + v * v <= 1) inside++;
    }
  }
  return inside / samples ** 2;
}

export interface Placement {
  width: number;
  height: number;
  count: number;
  /** Range of the half axes. */
  radius: [min: number, max: number];
  /** The shorter half axis as a part of the longer one, at least. */
  roundness?: number;
  /**
   * Distance between neighbors as a part of the sum of their mean radii: 1 where they just touch, more where they are apart,
   * less where they overlap.
   */
  distance: number;
  /** The part of the objects that is placed right beside another one. */
  touching?: number;
  seed: number;
}

/** Places objects at random that keep the distance, and lie wholly in the image. */
export function place({
  width,
  height,
  count,
  radius,
  roundness = 1,
  distance,
  touching = 0,
  seed,
}: Placement): Ellipse[] {
  const random = randomFrom(seed);
  const between = (min: number, max: number) => min + (max - min) * random();
  const placed: Ellipse[] = [];
  const meanRadius = ({ a, b }: Ellipse) => Math.sqrt(a * b);
  for (let tries = 0; placed.length < count; tries++) {
    if (tries > 200_000) throw new Error(`There is room for ${placed.length} objects only.`);
    const a = between(...radius);
    const shape = { a, b: a * between(roundness, 1), angle: between(0, Math.PI) };
    const neighbor = placed.length > 0 && random() < touching ? placed[Math.floor(random() * placed.length)] : null;
    const way = between(0, 2 * Math.PI);
    const away = neighbor ? distance * (meanRadius(neighbor) + Math.sqrt(shape.a * shape.b)) : 0;
    const at = neighbor
      ? { x: neighbor.x + away * Math.cos(way), y: neighbor.y + away * Math.sin(way) }
      : { x: between(a + 3, width - a - 3), y: between(a + 3, height - a - 3) };
    const object = { ...at, ...shape };
    if (at.x < a + 3 || at.y < a + 3 || at.x > width - a - 3 || at.y > height - a - 3) continue;
    const isFree = placed.every(
      (other) =>
        Math.hypot(other.x - at.x, other.y - at.y) >= 0.999 * distance * (meanRadius(other) + meanRadius(object)),
    );
    if (isFree) placed.push(object);
  }
  return placed;
}

export interface Score {
  count: number;
  truth: number;
  /** Harmonic mean of precision and recall: one object for one, overlapping by half of their union or more. */
  f1: number;
  /** (found - true) / true. */
  countError: number;
  /** Mean of the areas of matched objects, as a part of the true ones, less 1. */
  areaBias: number;
}

/** Compares a label image with the truth. Matches at an intersection over union of 0.5 or more are one to one. */
export function score(truth: Truth, found: ArrayLike<number>): Score {
  const sizes = new Map<number, number>();
  const trueSizes = new Float64Array(truth.count + 1);
  const shared = new Map<number, number>();
  for (let i = 0; i < truth.labels.length; i++) {
    const [t, f] = [truth.labels[i], found[i]];
    trueSizes[t]++;
    if (f > 0) sizes.set(f, (sizes.get(f) ?? 0) + 1);
    if (t > 0 && f > 0) shared.set(f * (truth.count + 1) + t, (shared.get(f * (truth.count + 1) + t) ?? 0) + 1);
  }
  let matches = 0;
  let area = 0;
  for (const [key, common] of shared) {
    const [f, t] = [Math.floor(key / (truth.count + 1)), key % (truth.count + 1)];
    const size = sizes.get(f) as number;
    if (common / (size + trueSizes[t] - common) < 0.5) continue;
    matches++;
    area += size / trueSizes[t];
  }
  return {
    count: sizes.size,
    truth: truth.count,
    f1: (2 * matches) / (sizes.size + truth.count),
    countError: (sizes.size - truth.count) / truth.count,
    areaBias: matches > 0 ? area / matches - 1 : 0,
  };
}
