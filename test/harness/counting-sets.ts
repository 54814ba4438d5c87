/** What counting is judged by: sets of objects as labs have them, from easy to hard. */
import { type Ellipse, type Placement, place, type Scene } from './synthetic.ts';

export interface CountingSet {
  name: string;
  scene: Scene;
  /** The least F1 that is good enough. */
  f1: number;
}

const light: Omit<Scene, 'width' | 'height' | 'objects' | 'seed'> = {
  background: 30,
  foreground: 130,
  vignette: 0,
  noise: 12,
};

function set(name: string, f1: number, placement: Placement, changes: Partial<typeof light> = {}): CountingSet {
  const { width, height, seed } = placement;
  return { name, f1, scene: { width, height, seed, objects: place(placement), ...light, ...changes } };
}

const small = { width: 640, height: 480 };
const large = { width: 2048, height: 2048 };

export const countingSets: CountingSet[] = [
  set('isolated discs', 0.95, { ...small, count: 45, radius: [14, 20], distance: 1.2, seed: 1 }),
  set('touching discs', 0.95, { ...small, count: 70, radius: [17, 19], distance: 1, touching: 0.7, seed: 2 }),
  set(
    'touching discs of all sizes, uneven light',
    0.9,
    { ...small, count: 70, radius: [9, 26], distance: 1, touching: 0.5, seed: 3 },
    { noise: 20, vignette: 0.5 },
  ),
  set(
    'overlapping ellipses, low contrast',
    0.85,
    { width: 1024, height: 768, count: 150, radius: [16, 24], roundness: 0.7, distance: 0.88, touching: 0.5, seed: 4 },
    { background: 80, foreground: 115, noise: 8 },
  ),
  set(
    'dark on bright, vignette of 30 %',
    0.95,
    { width: 800, height: 600, count: 100, radius: [13, 17], distance: 1.1, touching: 0.3, seed: 5 },
    { background: 200, foreground: 110, vignette: 0.3 },
  ),
  set(
    'dark on bright, vignette of 45 %',
    0.85,
    { width: 800, height: 600, count: 100, radius: [13, 17], distance: 1.1, touching: 0.3, seed: 6 },
    { background: 200, foreground: 110, vignette: 0.45 },
  ),
  set('800 small nuclei', 0.95, { ...large, count: 800, radius: [8, 12], distance: 1.05, touching: 0.2, seed: 7 }),
  set('400 touching nuclei', 0.95, { ...large, count: 400, radius: [22, 30], distance: 1, touching: 0.6, seed: 8 }),
  set(
    '300 nuclei, light down to 30 %',
    0.85,
    { width: 1024, height: 1024, count: 300, radius: [10, 16], distance: 1.02, touching: 0.3, seed: 9 },
    { background: 20, foreground: 180, vignette: 0.7 },
  ),
  set('a few large discs', 0.95, {
    width: 1200,
    height: 900,
    count: 12,
    radius: [80, 110],
    distance: 1,
    touching: 0.6,
    seed: 10,
  }),
];

/** The same objects at another resolution. */
export function scaled({ scene, ...set }: CountingSet, factor: number): CountingSet {
  const objects = scene.objects.map(
    ({ x, y, a, b, angle }): Ellipse => ({ x: x * factor, y: y * factor, a: a * factor, b: b * factor, angle }),
  );
  const [width, height] = [Math.round(scene.width * factor), Math.round(scene.height * factor)];
  return { ...set, name: `${set.name} × ${factor}`, scene: { ...scene, width, height, objects } };
}
