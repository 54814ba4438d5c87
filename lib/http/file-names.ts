/** The names under which images are saved. The page has them too. */

/** What file systems allow, in bytes of UTF-8. */
const maxBytes = 255;
const invisible = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

interface Named {
  name: string | null;
}

interface Done {
  input: Named;
  steps: readonly { operation: string }[];
  result: { contentType: string } | null;
}

/**
 * The name of a file as a client gave it: well-formed, without folders, control characters, marks that turn the direction
 * of text, and dots or spaces at its ends; at most `limit` bytes of UTF-8. Null where nothing is left.
 */
export function fileNameFrom(text: string, limit = maxBytes): string | null {
  const base = text.toWellFormed().replace(invisible, '').split(/[\\/]/).at(-1) as string;
  return cut(base.trimStart(), limit).replace(/[. ]+$/, '') || null;
}

/** The name of the input, with the last operation and the extension of the result's type; at most `limit` bytes. */
export function resultFileName({ input, steps, result }: Done, limit = maxBytes): string {
  const base = inputFileName(input).replace(/\.[^.]*$/, '') || 'image';
  const extension = result?.contentType.replace(/^image\//, '').replace('jpeg', 'jpg');
  const ending = `-${steps.at(-1)?.operation}.${extension}`;
  return `${cut(base, limit - ending.length)}${ending}`;
}

export function inputFileName({ name }: Named): string {
  return fileNameFrom(name ?? '') ?? 'image';
}

/** The name of a result in an archive of many: unique by the task's index, and without characters that a system has another use for. */
export function entryName(index: number, task: Done): string {
  const number = String(index).padStart(6, '0');
  return `${number}-${resultFileName(task, maxBytes - number.length - 1).replace(/[:*?"<>|]/g, '_')}`;
}

/** As many whole characters as have so many bytes. */
function cut(text: string, bytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}
