/** Pictures of the rows in sight: each link is asked for once, when its row has been in sight for a moment. */
import { type Signal, signal } from '@preact/signals';
import { api } from '../api/client.ts';

/** Rows that are scrolled past are not asked for. */
const restMs = 120;
/** Links are good for longer. */
const keptMs = 5 * 60_000;

interface Known {
  url: Signal<string | null>;
  askedAt: number;
}

const known = new Map<string, Known>();

/** The link to a picture of the task's result; null until it is there, and where there is none. Call `want` while it is in sight. */
export function thumbnailOf(id: string): Signal<string | null> {
  let found = known.get(id);
  if (!found) {
    found = { url: signal(null), askedAt: Number.NEGATIVE_INFINITY };
    known.set(id, found);
  }
  return found.url;
}

/** Fetches the link; gives what takes that back. */
export function want(id: string): () => void {
  const url = thumbnailOf(id);
  const entry = known.get(id) as Known;
  if (performance.now() - entry.askedAt < keptMs) return () => {};
  const timer = setTimeout(async () => {
    entry.askedAt = performance.now();
    const params = { path: { id }, query: { urls: 1 as const } };
    // Without it the row shows its icon.
    const { data } = await api.GET('/api/tasks/{id}', { params }).catch(() => ({ data: undefined }));
    if (data?.urls) url.value = data.urls.thumbnail;
  }, restMs);
  return () => clearTimeout(timer);
}
