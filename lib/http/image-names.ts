import { z } from 'zod';
import { maxNameCharacters, maxNameSegments } from '../limits.ts';

/** The name of an uploaded image, as its caller chose it: a relative path such as `2026/scan 01.png`. */
export const imageName = z
  .string()
  .min(1)
  .max(maxNameCharacters)
  .refine(isPath, 'must be a relative path without empty parts, "." or "..", backslashes and control characters')
  .describe('name of an image among your uploads');

/** The beginning of the names of uploaded images; empty for all. */
export const imagePrefix = z
  .string()
  .max(maxNameCharacters)
  .refine((prefix) => prefix === '' || isPath(`${prefix}x`), 'must be the start of a relative path')
  .describe('start of the names of uploaded images');

/** The folder of uploaded images; empty for all. */
export const folderPrefix = imagePrefix
  .refine((prefix) => prefix === '' || prefix.endsWith('/'), 'must end in "/": an image is deleted by its "name"')
  .describe('folder of uploaded images, ending in "/"; empty for all');

function isPath(name: string): boolean {
  const segments = name.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (/[\u0000-\u001f\u007f-\u009f\\\ufffe\uffff]/.test(name) || !name.isWellFormed()) return false;
  return (
    segments.length <= maxNameSegments && segments.every((segment) => segment !== '' && !/^\.+$|\.$/.test(segment))
  );
}
