import type { OutputFormat } from '../imaging/formats.ts';

/** Formats that have been measured. Apart from the measurements, which are loaded when the first estimate is asked for. */
export const inputFormats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const satisfies OutputFormat[];
export type InputFormat = (typeof inputFormats)[number];
