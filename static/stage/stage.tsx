/** Shows a picture before and after, zoomed and panned to the pixel, with overlays on top of what they were measured on. */
import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { CompareTools, type Comparing, useOriginalShown } from './compare-tools.tsx';
import { Divider } from './divider.tsx';
import { OverlayLayer } from './overlay-layer.tsx';
import { alike, type Overlay, type Size } from './overlays.ts';
import { PanZoom, type View } from './pan-zoom.ts';
import { type Layer, Picture } from './picture.tsx';
import { ZoomTools } from './zoom-tools.tsx';

interface StageProps {
  before: Layer;
  /** Null where there is no result yet. */
  after: Layer | null;
  overlays: Overlay[];
  /** In which the overlays' places are given; that of the result, if left out. */
  overlaySize?: Size | null;
  /** Whether the result shows what they do: then only the one that is pointed at is drawn, unless asked for. */
  overlaysInPicture?: boolean | undefined;
  /** The length of the picture over that of the image that it stands for. */
  scale?: number;
  /** The overlay that is pointed at, here or in a table. */
  pointed?: Signal<string | null>;
  /** The overlays that are not counted. */
  leftOut?: ReadonlySet<string>;
  /** An overlay was clicked. */
  onPick?: (id: string) => void;
  /** Whether the wheel zooms without Ctrl: not on a page that scrolls. */
  wheel?: boolean;
  label: string;
}

/** From here on pixels are shown as squares. */
const pixelatedFrom = 3;
/** A pointer that has moved less was clicked. */
const clickPx = 4;

const none: ReadonlySet<string> = new Set();

export function Stage({
  before,
  after,
  overlays,
  overlaySize,
  overlaysInPicture = false,
  scale = 1,
  pointed,
  leftOut = none,
  onPick,
  wheel = false,
  label,
}: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const view = useSignal<View>({ x: 0, y: 0, zoom: 1 });
  const split = useSignal(50);
  const wanted = useSignal<boolean | null>(null);
  const comparing = useSignal<Comparing>('divider');
  const held = useSignal(false);
  const sizes = useSignal<{ before?: Size; after?: Size }>({});
  const ownPointed = useSignal<string | null>(null);
  const panZoom = useRef<PanZoom>(null);
  const pressed = useRef<{ x: number; y: number; overlay: string | undefined } | null>(null);

  const comparable =
    after !== null && !!sizes.value.before && !!sizes.value.after && alike(sizes.value.before, sizes.value.after);
  const mode: Comparing = comparable || comparing.value === 'original' ? comparing.value : 'divider';
  const side = comparable && mode === 'side';
  const originalShown = useOriginalShown(mode, held) || after === null;
  // Another picture than the result has a size of its own; one that can be laid over it, that of the result.
  const size = (after !== null && (comparable || !originalShown) ? sizes.value.after : undefined) ?? sizes.value.before;

  // Before anything is painted: a picture fitted a frame later would jump.
  useLayoutEffect(() => {
    if (!frame.current) return;
    panZoom.current = new PanZoom(frame.current, view, wheel);
    return () => panZoom.current?.stop();
  }, [wheel]);
  useLayoutEffect(() => panZoom.current?.setContent(size, side ? 2 : 1), [size?.width, size?.height, side]);

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
  const divided = comparable && mode === 'divider' && !originalShown;
  // The frame takes the pointer when it is pressed: what was clicked is what lay there then.
  const onClick = ({ clientX, clientY }: MouseEvent) => {
    const from = pressed.current;
    const box = frame.current?.getBoundingClientRect();
    if (!from || !box || Math.hypot(clientX - from.x, clientY - from.y) > clickPx) return;
    if (from.overlay !== undefined) onPick?.(from.overlay);
    else if (divided) split.value = ((clientX - box.left) / box.width) * 100;
  };
  const drawn = wanted.value ?? !overlaysInPicture;
  const seen = drawn ? overlays : overlays.filter(({ id }) => id === (pointed ?? ownPointed).value);
  const layer = size && seen.length > 0 && (drawn || overlaysInPicture) && (
    <div class="stage-content overlays" style={placed}>
      <OverlayLayer
        overlays={seen}
        size={overlaySize ?? size}
        zoom={(zoom * size.width) / (overlaySize ?? size).width}
        pointed={pointed ?? ownPointed}
        leftOut={leftOut}
      />
    </div>
  );
  const keys = '+, -: zoom. Arrow keys: move. 0: fit. O: hold for the original.';
  const onHold = (down: boolean) => (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'o' || event.ctrlKey || event.metaKey || event.target !== frame.current) return;
    held.value = down;
  };
  return (
    <div class={size ? 'stage' : 'stage is-loading'} ref={stage}>
      <div
        class={side ? 'stage-frame side-by-side' : 'stage-frame'}
        ref={frame}
        tabIndex={0}
        role="group"
        aria-label={`${label}. ${keys}`}
        onKeyDown={onHold(true)}
        onKeyUp={onHold(false)}
        onBlur={() => (held.value = false)}
        onPointerDown={({ target, clientX, clientY }) => {
          const overlay = target instanceof Element ? target.closest<SVGElement>('.overlay')?.dataset.id : undefined;
          pressed.current = { x: clientX, y: clientY, overlay };
        }}
        onClick={onClick}
      >
        <div class="stage-half">
          <div class="stage-content" style={placed}>
            <Picture
              layer={before}
              alt="Original"
              onSize={noteSize('before')}
              hidden={!comparable && after !== null && !originalShown}
            />
          </div>
          {after === null && layer}
          {side && <span class="tag">Original</span>}
        </div>
        {after !== null && (
          <div
            class="stage-half stage-after"
            hidden={originalShown && !side}
            style={{ clipPath: divided ? `inset(0 0 0 ${split.value}%)` : '' }}
          >
            <div class="stage-content" style={placed}>
              <Picture layer={after} alt="Result" onSize={noteSize('after')} />
            </div>
            {layer}
            {side && <span class="tag">Result</span>}
          </div>
        )}
        {divided && <Divider split={split} frame={frame} />}
        {!size && <span class="spinner" role="img" aria-label="Loading the picture" />}
        {after !== null && originalShown && !side && <span class="tag">Original</span>}
      </div>
      <div class="stage-tools" role="toolbar" aria-label="View">
        {after !== null && <CompareTools comparable={comparable} comparing={comparing} held={held} />}
        {overlays.length > 0 && (
          <button type="button" aria-pressed={drawn} onClick={() => (wanted.value = !drawn)}>
            Overlay
          </button>
        )}
        <span class="spacer" />
        <ZoomTools zoom={zoom * scale} scale={scale} panZoom={panZoom} stage={stage} />
      </div>
    </div>
  );
}
