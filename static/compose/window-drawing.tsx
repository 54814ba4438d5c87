/** The picture in a window that is dragged, as radiologists know it: across for the width, up and down for the level. */
import { useMemo, useRef } from 'preact/hooks';
import { type DeepImage, rangeWindow, shownDeep, usualWindow } from '../deep/deep-image.ts';
import { numberInWords } from '../ui/words.ts';
import type { DrawnHistory } from './drawn-history.ts';
import { PictureFrame } from './picture-frame.tsx';
import type { Point, Window } from './picture-tools.ts';

interface WindowDrawingProps {
  source: ImageData | DeepImage;
  window: Window;
  onChange: DrawnHistory<Window>['change'];
}

/** Gray, as the operation sees it. */
export function grayOf(source: ImageData | DeepImage): DeepImage {
  const channels = 'channels' in source ? source.channels : 4;
  if ('channels' in source && source.channels === 1) return source;
  const { width, height } = source;
  const data = source.data instanceof Uint16Array ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i++, at += channels)
    data[i] = Math.round(0.299 * source.data[at] + 0.587 * source.data[at + 1] + 0.114 * source.data[at + 2]);
  return { width, height, channels: 1, data, modality: 'channels' in source ? source.modality : undefined };
}

/** Where the operation begins: the window of the file, else the whole range. */
export function givenWindow(image: DeepImage): Window {
  if (image.modality) return image.modality.window;
  const range = image.data instanceof Uint16Array ? 65_536 : 256;
  return { center: range / 2, width: range };
}

const steps: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function WindowDrawing({ source, window, onChange }: WindowDrawingProps) {
  const gray = useMemo(() => grayOf(source), [source]);
  const image = useMemo(() => shownDeep(gray, window), [gray, window.center, window.width]);
  const from = useRef<{ at: Point; window: Window; moved: boolean } | null>(null);
  /** From a sample to the next, in the image's values; less than 0 if low values are bright. */
  const factor = gray.modality?.values.factor ?? 1;
  const step = Math.abs(factor);
  const rounded = (value: number) => Math.round(value / step) * step;
  /** Across the whole picture goes twice what the image has. */
  const span = Math.max(32 * step, 2 * usualWindow(gray).width);
  const moved = ({ center, width }: Window, across: number, down: number): Window => ({
    // Down is brighter, as on the consoles of scanners: the level goes down.
    center: rounded(center - Math.sign(factor) * down * span),
    width: Math.max(step, rounded(width + across * span)),
  });
  return (
    <>
      <PictureFrame
        image={image}
        onPress={(at) => {
          from.current = { at, window, moved: false };
        }}
        onDrag={(to) => {
          const start = from.current;
          if (!start) return;
          const next = moved(start.window, (to.x - start.at.x) / image.width, (to.y - start.at.y) / image.height);
          onChange(() => next, start.moved);
          start.moved = true;
        }}
        shapes={null}
      >
        <button
          type="button"
          class="window-keys"
          onKeyDown={(event) => {
            const step = steps[event.key];
            if (!step) return;
            event.preventDefault();
            const by = (event.shiftKey ? 10 : 1) / 100;
            onChange((now) => moved(now, step.x * by, step.y * by));
          }}
        >
          Window: level {numberInWords(window.center)}, width {numberInWords(window.width)}
        </button>
      </PictureFrame>
      <div class="row">
        <button type="button" onClick={() => onChange(() => givenWindow(gray))}>
          {gray.modality ? 'Window of the file' : 'Whole range'}
        </button>
        <button type="button" onClick={() => onChange(() => rangeWindow(gray))}>
          Fit to the image
        </button>
      </div>
    </>
  );
}
