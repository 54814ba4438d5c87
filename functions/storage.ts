import { openStorage, type Storage } from '../lib/storage/storage.ts';
import { settings } from './settings.ts';

let opening: Promise<Storage> | undefined;

/** The clients of the storage, opened on first use; a failed opening is tried again by the next caller. */
export function storage(): Promise<Storage> {
  opening ??= openStorage(settings.storage, { further: settings.furtherStorage }).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}
