/** Ways to compare a result with its original: a divider, side by side, in turns, or as long as a button is held. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** `original`: the original alone, where it cannot be laid over the result. */
export type Comparing = 'divider' | 'side' | 'blink' | 'original';

const blinkMs = 700;

const ways: readonly { way: Comparing; text: string }[] = [
  { way: 'divider', text: 'Divider' },
  { way: 'side', text: 'Side by side' },
  { way: 'blink', text: 'Blink' },
];

/** Whether the original is what is to be seen now. */
export function useOriginalShown(mode: Comparing, held: Signal<boolean>): boolean {
  const blinked = useSignal(false);
  useEffect(() => {
    blinked.value = false;
    if (mode !== 'blink') return;
    const timer = setInterval(() => (blinked.value = !blinked.value), blinkMs);
    return () => clearInterval(timer);
  }, [mode]);
  return held.value || mode === 'original' || (mode === 'blink' && blinked.value);
}

interface CompareToolsProps {
  comparable: boolean;
  comparing: Signal<Comparing>;
  held: Signal<boolean>;
}

export function CompareTools({ comparable, comparing, held }: CompareToolsProps) {
  if (!comparable)
    return (
      <button
        type="button"
        aria-pressed={comparing.value === 'original'}
        onClick={() => (comparing.value = comparing.value === 'original' ? 'divider' : 'original')}
      >
        Original
      </button>
    );
  const hold = () => (held.value = true);
  const release = () => (held.value = false);
  return (
    <>
      <span class="segments" role="group" aria-label="Compare">
        {ways.map(({ way, text }) => (
          <button
            key={way}
            type="button"
            aria-pressed={comparing.value === way}
            onClick={() => (comparing.value = way)}
          >
            {text}
          </button>
        ))}
      </span>
      <button
        type="button"
        class="hold"
        aria-pressed={held.value}
        title="Hold to see the original (O)"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          hold();
        }}
        onPointerUp={release}
        onPointerCancel={release}
        onKeyDown={({ key }) => {
          if (key === ' ' || key === 'Enter') hold();
        }}
        onKeyUp={release}
        onBlur={release}
        onContextMenu={(event) => event.preventDefault()}
      >
        Hold: original
      </button>
    </>
  );
}
