/** Where one is in a job's gallery: kept while one looks at single images, and back again. */
import { type Signal, signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import type { TaskFilter } from './tasks.ts';

interface GalleryPlace {
  filter: Signal<TaskFilter>;
  page: Signal<number>;
  /** Where each page begins; it grows as one goes on. */
  continuations: Signal<(string | null)[]>;
  /** The images that were shown last, by their place in the job. */
  shown: readonly number[];
  scrollY: number;
}

let kept: { jobId: string; place: GalleryPlace } | null = null;

export function placeIn(jobId: string): GalleryPlace {
  if (kept?.jobId !== jobId) {
    const place = {
      filter: signal<TaskFilter>('All'),
      page: signal(0),
      continuations: signal([null]),
      shown: [],
      scrollY: 0,
    };
    kept = { jobId, place };
  }
  return kept.place;
}

/** Keeps how far the gallery is scrolled, and scrolls there again once it shows its images. */
export function useKeptScroll(place: GalleryPlace, isThere: boolean): void {
  useLayoutEffect(() => {
    if (!isThere) return;
    window.scrollTo(0, place.scrollY);
    const keep = () => (place.scrollY = window.scrollY);
    window.addEventListener('scroll', keep);
    // The next view begins at its top, which is not where one was here.
    window.addEventListener('hashchange', stop, { capture: true });
    function stop() {
      window.removeEventListener('scroll', keep);
      window.removeEventListener('hashchange', stop, { capture: true });
    }
    return stop;
  }, [isThere]);
}

/** The images before and after one, of those that the filter shows; of all, where it shows all. */
export function neighborsOf(
  jobId: string,
  index: number,
  total: number,
): { before: number | null; after: number | null } {
  const place = placeIn(jobId);
  const at = place.shown.indexOf(index);
  if (place.filter.value === 'All' || at < 0)
    return { before: index > 0 ? index - 1 : null, after: index < total - 1 ? index + 1 : null };
  return { before: place.shown[at - 1] ?? null, after: place.shown[at + 1] ?? null };
}
