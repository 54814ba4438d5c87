/** What an instance uses of what it has, for metrics. */
export interface Usage {
  /** Pixels that are worked on now. */
  pixels: number;
  /** WASM heap of all threads. */
  heapBytes: number;
}

let read: (() => Usage) | undefined;

/** Says where usage can be read. */
export function provideUsage(provider: () => Usage): void {
  read = provider;
}

/** Undefined where nothing works on images. */
export function currentUsage(): Usage | undefined {
  return read?.();
}
