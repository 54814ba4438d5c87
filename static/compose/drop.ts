/** Files out of drops and pastes, folders included. */
import type { Dropped } from './images.ts';

/** What a picker offers. */
export const accept = 'image/*,.dcm,application/dicom,.cube';

/** Hidden files that systems leave in folders. */
const clutter = /(^|\/)(\.|Thumbs\.db$|desktop\.ini$)/;

export async function filesIn(transfer: DataTransfer): Promise<Dropped[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return filesOf(transfer.files);
  const found = await Promise.all(entries.map((entry) => filesUnder(entry)));
  return found.flat().filter(({ path }) => !clutter.test(path));
}

export function filesOf(list: Iterable<File>): Dropped[] {
  return [...list]
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ path }) => !clutter.test(path));
}

async function filesUnder(entry: FileSystemEntry): Promise<Dropped[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Dropped[] = [];
  // A reader gives a hundred at a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return found;
    found.push(...(await Promise.all(entries.map(filesUnder))).flat());
  }
}
