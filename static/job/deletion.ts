/** Deleting a job, with a while to think better of it: until then it is hidden, and nothing is gone. */
import { signal } from '@preact/signals';
import { api, TesseraError } from '../api/client.ts';
import { jobHref } from '../router.ts';
import { actionMs, say, tell } from '../ui/messages.tsx';

/** The jobs that are deleted, or about to be. */
export const deletedJobs = signal<ReadonlySet<string>>(new Set());

/** What is still to be sent. */
const pending = new Map<string, ReturnType<typeof setTimeout>>();

export function deleteJob(id: string): void {
  deletedJobs.value = new Set([...deletedJobs.value, id]);
  pending.set(
    id,
    setTimeout(() => tell(() => send(id)), actionMs),
  );
  say('The job is deleted.', { text: 'Undo', run: () => restore(id) });
}

function restore(id: string): void {
  clearTimeout(pending.get(id));
  if (!pending.delete(id)) return;
  show(id);
  location.hash = jobHref(id);
}

function show(id: string): void {
  deletedJobs.value = new Set([...deletedJobs.value].filter((other) => other !== id));
}

async function send(id: string): Promise<void> {
  if (!pending.delete(id)) return;
  // It may be sent as the page is left.
  const { error } = await api.DELETE('/api/jobs/{id}', { params: { path: { id } }, keepalive: true });
  // Deleted elsewhere is deleted, too.
  if (!error || error.status === 404) return;
  show(id);
  throw new TesseraError(error);
}

addEventListener('pagehide', () => {
  for (const id of pending.keys()) void tell(() => send(id));
});
