/** The picture that is drawn on: where a pointer is on it, and handles that can be dragged or moved by keys. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Picture } from '../stage/picture.tsx';
import type { Point } from './picture-tools.ts';

interface PictureFrameProps {
  image: ImageData;
  /** Pressed on the picture itself. */
  onPress?: ((at: Point) => void) | undefined;
  /** Moved since, not yet let go. */
  onDrag?: ((to: Point) => void) | undefined;
  onHover?: (at: Point) => void;
  /** Drawn over the picture, in its pixels. */
  shapes: ComponentChildren;
  children?: ComponentChildren;
}

export function PictureFrame({ image, onPress, onDrag, onHover, shapes, children }: PictureFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = image;
  return (
    <div
      class="drawing-frame"
      ref={frame}
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(62vh * ${width / height})` }}
      onPointerDown={(event) => {
        if (!onPress || event.button !== 0 || (event.target as Element).closest('button')) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        onPress(placeOn(event.currentTarget, event, image));
      }}
      onPointerMove={(event) => {
        const at = placeOn(event.currentTarget, event, image);
        if (event.buttons > 0 && event.currentTarget.hasPointerCapture(event.pointerId)) onDrag?.(at);
        else if (event.buttons === 0) onHover?.(at);
      }}
    >
      <Picture layer={image} alt="The picture to draw on" onSize={() => {}} />
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {shapes}
      </svg>
      {children}
    </div>
  );
}

interface Sides {
  width: number;
  height: number;
}

function placeOn(frame: Element, { clientX, clientY }: PointerEvent, size: Sides): Point {
  const box = frame.getBoundingClientRect();
  return within(
    { x: ((clientX - box.left) / box.width) * size.width, y: ((clientY - box.top) / box.height) * size.height },
    size,
  );
}

export function within({ x, y }: Point, { width, height }: Sides): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}

interface HandleProps {
  name: string;
  at: Point;
  size: Sides;
  /** `goesOn`: a part of the move before. */
  onMove: (to: Point, goesOn: boolean) => void;
  /** Of other keys than those that move it; whether it was of use. */
  onKey?: (key: string) => boolean;
  /** Whether only keys move it. */
  byKeys?: boolean;
}

const steps: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function Handle({ name, at, size, onMove, onKey, byKeys = false }: HandleProps) {
  const dragged = useRef(false);
  return (
    <button
      type="button"
      class={byKeys ? 'drawing-handle by-keys' : 'drawing-handle'}
      aria-label={`${name}: ${Math.round(at.x)}, ${Math.round(at.y)}`}
      style={{ left: `${(at.x / size.width) * 100}%`, top: `${(at.y / size.height) * 100}%` }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = false;
      }}
      onPointerMove={(event) => {
        if (event.buttons === 0) return;
        onMove(placeOn(event.currentTarget.parentElement as Element, event, size), dragged.current);
        dragged.current = true;
      }}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (!step) {
          if (!event.ctrlKey && !event.metaKey && onKey?.(event.key)) event.preventDefault();
          return;
        }
        event.preventDefault();
        const far = event.shiftKey ? 10 : 1;
        onMove(within({ x: at.x + step.x * far, y: at.y + step.y * far }, size), false);
      }}
    />
  );
}
