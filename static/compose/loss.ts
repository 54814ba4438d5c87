/** Asks before the page is left with images that were picked and not sent: the browser would forget them. */
import { images } from './images.ts';
import { sending } from './submit.ts';

/** Gives what stops it. */
export function warnOfLoss(): () => void {
  const warn = (event: BeforeUnloadEvent) => {
    if (sending.value || images.value.some(({ earlier, isSample }) => !earlier && !isSample)) event.preventDefault();
  };
  window.addEventListener('beforeunload', warn);
  return () => window.removeEventListener('beforeunload', warn);
}
