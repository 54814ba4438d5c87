/** Shows a picture before and after, with a line to move between them; zoomed and panned to the pixel; with overlays on top. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { OverlayLayer } from './overlay-layer.tsx';
import { alike, type Overlay, type Size } from './overlays.ts';
import { PanZoom, type View } from './pan-zoom.ts';
import { type Layer, Picture } from './picture.tsx';

interface StageProps {
  before: Layer;
  /** Null where there is no result yet. */
  after: Layer | null;
  overlays: Overlay[];
  /** In which the overlays' places are given; that of the result, if left out. */
  overlaySize?: Size | null;
  /** The overlay that is pointed at, here or in a table. */
  pointed?: Signal<string | null>;
  /** Whether the wheel zooms without Ctrl: not on a page that scrolls. */
  wheel?: boolean;
  label: string;
}

/** From here on pixels are shown as squares. */
const pixelatedFrom = 3;

export function Stage({ before, after, overlays, overlaySize, pointed, wheel = false, label }: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useSignal<View>({ x: 0, y: 0, zoom: 1 });
  const split = useSignal(50);
  const drawn = useSignal(true);
  const original = useSignal(false);
  const sizes = useSignal<{ before?: Size; after?: Size }>({});
  const ownPointed = useSignal<string | null>(null);
  const panZoom = useRef<PanZoom>(null);
  const size = (after ? sizes.value.after : undefined) ?? sizes.value.before;
  const comparable =
    after !== null && !!sizes.value.before && !!sizes.value.after && alike(sizes.value.before, sizes.value.after);

  useEffect(() => {
    if (!frame.current) return;
    panZoom.current = new PanZoom(frame.current, view, wheel);
    return () => panZoom.current?.stop();
  }, [wheel]);
  useEffect(() => panZoom.current?.setContent(size), [size?.width, size?.height]);

  const { x, y, zoom } = view.value;
  const placed = size
    ? {
        width: `${size.width}px`,
        height: `${size.height}px`,
        transform: `translate(${x}px, ${y}px) scale(${zoom})`,
        imageRendering: zoom >= pixelatedFrom ? ('pixelated' as const) : ('auto' as const),
      }
    : {};
  const noteSize = (which: 'before' | 'after') => (given: Size) => {
    const known = sizes.value[which];
    if (known?.width !== given.width || known?.height !== given.height)
      sizes.value = { ...sizes.value, [which]: given };
  };
  const showsAfter = after !== null && !(original.value && !comparable);
  return (
    <div class="stage">
      <div
        class="stage-frame"
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label={`${label}. Plus and minus zoom, arrow keys move, 0 fits.`}
      >
        <div class="stage-content" style={placed}>
          <Picture layer={before} alt="Original" onSize={noteSize('before')} hidden={showsAfter && !comparable} />
        </div>
        {after !== null && (
          <div
            class="stage-after"
            hidden={!showsAfter}
            style={comparable ? { clipPath: `inset(0 0 0 ${split.value}%)` } : {}}
          >
            <div class="stage-content" style={placed}>
              <Picture layer={after} alt="Result" onSize={noteSize('after')} />
            </div>
          </div>
        )}
        {size && drawn.value && overlays.length > 0 && (
          <div class="stage-content overlays" style={placed}>
            <OverlayLayer overlays={overlays} size={overlaySize ?? size} zoom={zoom} pointed={pointed ?? ownPointed} />
          </div>
        )}
        {comparable && <Divider split={split} frame={frame} />}
      </div>
      <div class="stage-tools" role="toolbar" aria-label="View">
        {after !== null && !comparable && (
          <button type="button" aria-pressed={original.value} onClick={() => (original.value = !original.value)}>
            Original
          </button>
        )}
        {overlays.length > 0 && (
          <button type="button" aria-pressed={drawn.value} onClick={() => (drawn.value = !drawn.value)}>
            Overlay
          </button>
        )}
        <span class="spacer" />
        <button
          type="button"
          class="icon-button"
          aria-label="Zoom out"
          onClick={() => panZoom.current?.zoomBy(1 / 1.5)}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="zoom"
          aria-label={`${Math.round(zoom * 100)} %, show at 100 %`}
          onClick={() => panZoom.current?.zoomTo(1)}
        >
          {Math.round(zoom * 100)} %
        </button>
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => panZoom.current?.zoomBy(1.5)}>
          <Icon name="add" />
        </button>
        <button type="button" class="icon-button" aria-label="Fit" onClick={() => panZoom.current?.fit()}>
          <Icon name="fit" />
        </button>
      </div>
    </div>
  );
}

function Divider({ split, frame }: { split: Signal<number>; frame: { current: HTMLDivElement | null } }) {
  const move = ({ clientX, buttons }: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box && buttons > 0) split.value = Math.min(100, Math.max(0, ((clientX - box.left) / box.width) * 100));
  };
  const keys: Record<string, number> = { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 };
  return (
    <div
      class="divider"
      style={{ left: `${split.value}%` }}
      role="slider"
      tabIndex={0}
      aria-label="Between original and result"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(split.value)}
      aria-valuetext={`${Math.round(split.value)} % original`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        move(event);
      }}
      onKeyDown={(event) => {
        const by = keys[event.key];
        if (by === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        split.value = Math.min(100, Math.max(0, split.value + by));
      }}
    >
      <span class="tag before-tag">Original</span>
      <span class="handle" />
      <span class="tag after-tag">Result</span>
    </div>
  );
}
