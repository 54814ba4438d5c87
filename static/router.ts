/** Where one is: behind the `#`, so that the page can be hosted anywhere. */
import { signal } from '@preact/signals';

export type Route =
  /** `from`: the task or job whose images are taken again. `shared`: steps that came with the address. */
  | { view: 'compose'; from: string | null; shared: string | null }
  | { view: 'jobs' }
  | { view: 'job'; id: string; image: number | null; table: boolean }
  | { view: 'instances' };

export const route = signal(routeIn(location.hash));

window.addEventListener('hashchange', () => {
  route.value = routeIn(location.hash);
  window.scrollTo(0, 0);
});

function routeIn(hash: string): Route {
  const [view, id, image] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'jobs' && id)
    return { view: 'job', id, image: /^\d+$/.test(image ?? '') ? Number(image) : null, table: image === 'table' };
  if (view === 'jobs') return { view: 'jobs' };
  if (view === 'instances') return { view: 'instances' };
  return { view: 'compose', from: view === 'from' && id ? id : null, shared: view === 'steps' && id ? id : null };
}

/** An image of a job by itself. */
export function taskHref({ id, jobId }: { id: string; jobId: string }): string {
  return jobHref(jobId, Number(id.slice(jobId.length + 1)));
}

/** All results of a job in a table. */
export function tableHref(id: string): string {
  return `#/jobs/${id}/table`;
}

export function jobHref(id: string, image?: number): string {
  return `#/jobs/${id}${image === undefined ? '' : `/${image}`}`;
}

/** Where the images of a task or a job are worked on once more. */
export function tuneHref(id: string): string {
  return `#/from/${id}`;
}

/** Forgets what came with the address, without a step in the browser's history. */
export function leaveAddress(): void {
  history.replaceState(null, '', '#/');
  route.value = { view: 'compose', from: null, shared: null };
}
