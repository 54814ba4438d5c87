/** Leafing through the pages or frames of a file: the one that is seen is the one that is worked on. */
import { PageTurner } from '../ui/page-turner.tsx';
import { page } from './images.ts';

export function PageChoice({ pages }: { pages: number }) {
  if (pages === 1) return null;
  return <PageTurner page={page.value} pages={pages} onTurn={(to) => (page.value = to)} />;
}
