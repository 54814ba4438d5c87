/**
 * The kernels beside OpenCV: a module of WebAssembly with SIMD that works on OpenCV's heap in place. The build of OpenCV makes its memory while it
 * loads and gives no way to it; the constructor that it calls does.
 */

/** What the module exports; addresses are those of OpenCV's heap, and rows have no gaps. */
export interface Kernels {
  /** Arithmetic on samples (`assembly/arithmetic.ts`). */
  add(a: number, b: number, target: number, length: number): void;
  subtract(a: number, b: number, target: number, length: number): void;
  absdiff(a: number, b: number, target: number, length: number): void;
  least(a: number, b: number, target: number, length: number): void;
  greatest(a: number, b: number, target: number, length: number): void;
  multiply(a: number, b: number, target: number, length: number, scale: number): void;
  divide(a: number, b: number, target: number, length: number, scale: number): void;
  addWeighted(a: number, b: number, target: number, length: number, alpha: number, beta: number, gamma: number): void;
  invert(source: number, target: number, length: number): void;
  scaleAbs(source: number, target: number, length: number, scale: number, shift: number): void;
  threshold(source: number, target: number, length: number, level: number, low: number, high: number): void;
  /** Means of windows (`assembly/box.ts`). */
  box(...parameters: number[]): void;
  boxScratch(width: number, channels: number, sideX: number): number;
  /** Edges of a gray image (`assembly/canny.ts`). */
  canny(
    source: number,
    target: number,
    width: number,
    height: number,
    low: number,
    high: number,
    isSquared: number,
    scratch: number,
  ): void;
  cannyScratch(width: number): number;
  /** Local equalization (`assembly/clahe.ts`). */
  clahe(...parameters: number[]): void;
  claheScratch(width: number, tilesX: number, tilesY: number): number;
  countNonZero(source: number, length: number): number;
  /** Labels at full size; the parameters stand in `assembly/enlarge-labels.ts`. */
  enlargeLabels(...parameters: number[]): void;
  /** Corners of the segment test (`assembly/fast.ts`); gives their number. */
  fastCorners(
    source: number,
    width: number,
    height: number,
    threshold: number,
    edge: number,
    list: number,
    scratch: number,
  ): number;
  fastScratch(width: number): number;
  /** Points in another image; the parameters stand in `assembly/follow.ts`. */
  follow(...parameters: number[]): void;
  followScratch(): number;
  /** Correlation (`assembly/filter-2d.ts`). */
  filter2d(...parameters: number[]): void;
  filter2dScratch(width: number, channels: number, kernelWidth: number, kernelHeight: number): number;
  /** Separable filter (`assembly/gaussian.ts`). */
  gaussian(
    source: number,
    target: number,
    width: number,
    height: number,
    channels: number,
    weights: number,
    radiusX: number,
    radiusY: number,
    scratch: number,
  ): void;
  /** Derivatives as 8-bit images (`assembly/gradient.ts`). */
  gradient(...parameters: number[]): void;
  gradientScratch(width: number): number;
  laplacian(source: number, target: number, width: number, height: number, scale: number, scratch: number): void;
  grayOf3(source: number, target: number, pixels: number, c0: number, c1: number, c2: number): void;
  grayOf4(source: number, target: number, pixels: number, c0: number, c1: number, c2: number): void;
  harrisResponses(source: number, width: number, list: number, count: number): void;
  /** Nearest binary descriptors (`assembly/hamming.ts`). */
  hamming(from: number, count: number, to: number, others: number, bytes: number, nearest: number): void;
  histogram(source: number, count: number, step: number, scratch: number): void;
  hsvToRgb(source: number, target: number, pixels: number, turn: number, scratch: number): void;
  rgbToHsv(source: number, target: number, pixels: number, hues: number, scratch: number): void;
  rgbToYcrcb(source: number, target: number, pixels: number, scratch: number): void;
  ycrcbToRgb(source: number, target: number, pixels: number, scratch: number): void;
  /** Colors and numbers (`assembly/colors.ts`). */
  inRange(...parameters: number[]): number;
  nearestColors(...parameters: number[]): void;
  palette(numbers: number, target: number, pixels: number, colors: number): void;
  /** The parameters stand in `assembly/rolling-ball.ts`. */
  leastOfBlocks(...parameters: number[]): void;
  rollBall(...parameters: number[]): void;
  /** The parameters stand in `assembly/local-threshold.ts`. */
  localThreshold(...parameters: number[]): void;
  localThresholdScratch(width: number, side: number): number;
  lut(source: number, target: number, length: number, table: number): void;
  lut3(source: number, target: number, pixels: number, tables: number): void;
  /** Of label images (`assembly/label-trace.ts`). */
  countLabelRuns(labels: number, rows: number, cols: number): number;
  labelBoundaries(labels: number, rows: number, cols: number, mask: number): void;
  labelRuns(labels: number, rows: number, cols: number, runs: number): void;
  labelWindows(...parameters: number[]): void;
  tintLabels(canvas: number, labels: number, pixels: number, palette: number, colors: number): void;
  median3(source: number, target: number, width: number, height: number, channels: number, scratch: number): void;
  median5(source: number, target: number, width: number, height: number, channels: number, scratch: number): void;
  /** Greatest and least samples under an element; the parameters stand in `assembly/morphology.ts`. */
  morphology(...parameters: number[]): void;
  morphologyScratch(...parameters: number[]): number;
  /** The parameters stand in `assembly/non-local-means.ts`. */
  nonLocalMeans(...parameters: number[]): void;
  /** Of ORB (`assembly/orb.ts`). */
  orbBlur(...parameters: number[]): void;
  orbBlurScratch(width: number, height: number): number;
  orbDescriptors(...parameters: number[]): void;
  orbMoments(...parameters: number[]): void;
  /** The parameters stand in `assembly/shrink-exact.ts`. */
  shrinkExact(...parameters: number[]): void;
  /** The parameters stand in `assembly/resize-area.ts` and `assembly/resize-smooth.ts`. */
  resizeArea(...parameters: number[]): void;
  resizeBlocks(...parameters: number[]): void;
  resizeSmooth(...parameters: number[]): void;
  resizeSmoothScratch(srcWidth: number, width: number, channels: number, taps: number): number;
  plane(source: number, target: number, pixels: number, index: number): void;
  /** The parameters stand in `assembly/stains.ts`. */
  unmixStains(...parameters: number[]): void;
  thresholdAgainst(source: number, means: number, length: number, offset: number, low: number, high: number): void;
  transform3(source: number, target: number, pixels: number, matrix: number): void;
  weightedMean(...parameters: number[]): void;
  weightedMeanScratch(width: number, side: number): number;
}

/** What is used of WebAssembly here; Node's types leave it out. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  Memory: new (descriptor: unknown) => Memory;
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
}

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };

/** Runs `load` and gives what it gives, with the first memory that was made meanwhile in this thread. */
export async function catchMemory<T>(load: () => Promise<T>): Promise<{ loaded: T; memory: Memory | undefined }> {
  const Original = WebAssembly.Memory;
  let memory: Memory | undefined;
  WebAssembly.Memory = new Proxy(Original, {
    construct(target, [descriptor]) {
      const made = new target(descriptor);
      memory ??= made;
      return made;
    },
  });
  try {
    return { loaded: await load(), memory };
  } finally {
    WebAssembly.Memory = Original;
  }
}

/** The kernels on `memory`; undefined where there is no SIMD. */
export async function instantiate(bytes: Uint8Array, memory: Memory): Promise<Kernels | undefined> {
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const kernels = Object.entries(instance.exports as Record<string, Kernel>);
  return Object.fromEntries(kernels.map(([name, kernel]) => [name, counted(name, kernel)])) as unknown as Kernels;
}

type Kernel = (...parameters: number[]) => number;

/** How often each kernel has run in this thread. Where kernels are missing or do not apply, results are the same, and only this tells. */
export const kernelCalls: Record<string, number> = {};

function counted(name: string, kernel: Kernel): Kernel {
  kernelCalls[name] = 0;
  return (...parameters) => {
    kernelCalls[name]++;
    return kernel(...parameters);
  };
}
