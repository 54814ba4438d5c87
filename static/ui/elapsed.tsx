import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { secondsInWords } from './words.ts';

/** How long ago a time is, counting up. */
export function Elapsed({ since }: { since: string }) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (now.value = Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = (now.value - Date.parse(since)) / 1000;
  return seconds < 1 ? null : <span class="hint">{secondsInWords(seconds)}</span>;
}
