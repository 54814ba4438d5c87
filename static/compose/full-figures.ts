/** The same steps on the whole image, once the sliders rest: of a reduced image, counts may be others. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Figure, figuresOf } from '../job/figures.ts';
import { Preview } from '../preview/preview.ts';
import { type Picked, page } from './images.ts';
import { wholeOf } from './reduced-image.ts';

/** `Figure[]` once they are known. */
export type FullFigures = Figure[] | 'running' | 'too-large' | null;

/** Larger images take a browser too long, and too much memory. */
const maxPixels = 16e6;
const restMs = 700;

interface Wanted {
  image: Picked | undefined;
  second: Picked | null;
  steps: { operation: string; params: Record<string, unknown> }[];
  /** Whether the preview counts, on less than the whole image. */
  counts: boolean;
}

export function useFullFigures({ image, second, steps, counts }: Wanted): Signal<FullFigures> {
  const figures = useSignal<FullFigures>(null);
  const worker = useRef<Preview>(null);
  const wanted = useRef(0);
  useEffect(() => () => worker.current?.stop(), []);
  useEffect(() => {
    figures.value = null;
    if (!image || !counts) return;
    if (image.isRendition || (image.width ?? 0) * (image.height ?? 0) > maxPixels) {
      figures.value = 'too-large';
      return;
    }
    const round = ++wanted.current;
    const timer = setTimeout(async () => {
      figures.value = 'running';
      const [whole, other] = await Promise.all([wholeOf(image), second && wholeOf(second, null)]);
      if (round !== wanted.current) return;
      worker.current?.stop();
      // Where it cannot be told, nothing is said: the preview itself says what is wrong.
      const give = (made: FullFigures) => {
        if (round === wanted.current) figures.value = made;
      };
      worker.current = new Preview(
        ({ measurements }) => give(measurements ? figuresOf(measurements) : null),
        () => give(null),
      );
      worker.current.request({ steps, image: whole.source, reference: other?.source ?? null, scale: whole.scale });
    }, restMs);
    return () => {
      clearTimeout(timer);
      wanted.current++;
    };
  }, [image?.id, second?.id, steps, counts, page.value]);
  return figures;
}

/** The counts that are others in the whole image; null where all are the same. */
export function otherCounts(shown: readonly Figure[], whole: readonly Figure[]): Figure[] | null {
  const others = whole.filter(
    ({ key, value, counts }) => counts && shown.find((figure) => figure.key === key)?.value !== value,
  );
  return others.length > 0 ? others : null;
}
