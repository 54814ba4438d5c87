/** Versions of a result: tasks that took the image of the one before. */
import type { Task } from '../../clients/typescript/src/index.ts';
import { api, dataOf } from '../api/client.ts';

/** So many versions are looked up, at most, in either direction. */
const maxVersions = 12;
const storageKey = 'tessera-versions';
/** So many tasks are remembered. */
const maxRemembered = 200;

/** The newest version that this browser has made of a task: the service knows only what each was made from. */
type Remembered = Record<string, string>;

function remembered(): Remembered {
  return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Remembered;
}

/** Remembers that `made` took the image of `from`. */
export function noteVersion(from: string, made: string): void {
  if (from === made) return;
  const { [from]: _, ...others } = remembered();
  const kept = [...Object.entries(others), [from, made]].slice(-maxRemembered);
  localStorage.setItem(storageKey, JSON.stringify(Object.fromEntries(kept)));
}

/** The versions that led to the task, itself, and those that this browser has made of it, oldest first. Those that were deleted are left out. */
export async function versionsOf(task: Task, signal: AbortSignal): Promise<Task[]> {
  const versions = [task];
  const seen = new Set([task.id]);
  const follow = async (next: (task: Task) => string | null | undefined, add: (task: Task) => void) => {
    for (let id = next(task); id && !seen.has(id) && versions.length < maxVersions; ) {
      seen.add(id);
      const found = await read(id, signal);
      if (!found) return;
      add(found);
      id = next(found);
    }
  };
  await follow(
    ({ from }) => from,
    (found) => versions.unshift(found),
  );
  const newer = remembered();
  await follow(
    ({ id }) => newer[id],
    (found) => versions.push(found),
  );
  return versions;
}

async function read(id: string, signal: AbortSignal): Promise<Task | null> {
  const params = { path: { id }, query: { urls: 1 as const } };
  const { data, error } = await api.GET('/api/tasks/{id}', { params, signal });
  if (error?.status === 404) return null;
  return dataOf(Promise.resolve({ ...(data && { data }), error }));
}
