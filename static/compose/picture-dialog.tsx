/** The picture as a step gets it, with a shape on it that sets the step's parameters. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Preview } from '../preview/preview.ts';
import { Picture } from '../stage/picture.tsx';
import { Icon } from '../ui/icon.tsx';
import { numberInWords } from '../ui/words.ts';
import { previewed } from './images.ts';
import { type DrawnOn, type PictureTool, type Point, pixelSizeFrom } from './picture-tools.ts';
import { useReduced } from './reduced-image.ts';
import { wantedSteps } from './state.ts';

interface PictureDialogProps {
  /** The tool in use; null: closed. */
  tool: Signal<PictureTool | null>;
  /** Of the step. */
  index: number;
  params: Record<string, unknown>;
  onChange: (params: Record<string, unknown>) => void;
}

export function PictureDialog({ tool, index, params, onChange }: PictureDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const now = tool.value;
  useEffect(() => {
    if (now) dialog.current?.showModal();
    else dialog.current?.close();
  }, [now]);
  return (
    <dialog
      ref={dialog}
      class="picture-dialog"
      aria-label={now?.title ?? 'Picture'}
      onClose={() => (tool.value = null)}
    >
      {now && (
        <>
          <div class="catalog-head">
            <h2>{now.title}</h2>
            <span class="spacer" />
            <button type="button" class="icon-button" aria-label="Close" onClick={() => (tool.value = null)}>
              <Icon name="close" />
            </button>
          </div>
          <Drawing
            tool={now}
            index={index}
            params={params}
            onTake={(set) => {
              onChange({ ...params, ...set });
              tool.value = null;
            }}
          />
        </>
      )}
    </dialog>
  );
}

interface DrawingProps {
  tool: PictureTool;
  index: number;
  params: Record<string, unknown>;
  onTake: (set: Record<string, unknown>) => void;
}

function Drawing({ tool, index, params, onTake }: DrawingProps) {
  const picture = usePictureBefore(index);
  const points = useSignal<Point[]>([]);
  const length = useSignal('100');
  const unit = useSignal('µm');
  const on = picture.value;
  useEffect(() => {
    if (on) points.value = tool.read(params, { ...on, width: on.image.width, height: on.image.height });
  }, [on]);
  if (!on) return <p class="empty">Choose an image that this browser shows: the shape is drawn on it.</p>;
  const { image, scale } = on;
  const drawnOn: DrawnOn = { width: image.width, height: image.height, scale };
  const known = Number(length.value);
  const set =
    tool.kind === 'ruler'
      ? pixelSizeFrom(
          points.value.length < 2
            ? [
                { x: 0, y: 0 },
                { x: 1, y: 0 },
              ]
            : points.value,
          drawnOn,
          known,
          unit.value,
        )
      : tool.write(points.value.length === 0 ? tool.read(params, drawnOn) : points.value, drawnOn);
  const valid = tool.kind !== 'ruler' || (known > 0 && unit.value.trim() !== '');
  return (
    <div class="drawing">
      <p class="hint">{tool.hint}</p>
      <Canvas image={image} tool={tool} points={points} />
      {tool.kind === 'ruler' && (
        <div class="row">
          <label>
            Length{' '}
            <input
              type="text"
              inputMode="decimal"
              size={8}
              value={length.value}
              onInput={({ currentTarget }) => (length.value = currentTarget.value)}
            />
          </label>
          <label>
            Unit{' '}
            <input
              type="text"
              size={5}
              maxLength={20}
              value={unit.value}
              onInput={({ currentTarget }) => (unit.value = currentTarget.value)}
            />
          </label>
        </div>
      )}
      <div class="row between">
        <output class="hint">{valid ? described(set) : 'The length must be a number above 0.'}</output>
        <button type="button" class="primary" disabled={!valid} onClick={() => onTake(set)}>
          Use it
        </button>
      </div>
    </div>
  );
}

function described(set: Record<string, unknown>): string {
  return Object.entries(set)
    .map(([name, value]) =>
      name === 'pixelSize'
        ? `a pixel is ${numberInWords((value as { x: number }).x)} ${(value as { unit: string }).unit} wide`
        : `${name} ${typeof value === 'number' ? numberInWords(value) : JSON.stringify(value)}`,
    )
    .join(', ');
}

/** The image of the preview after the steps before; null until it is there. */
function usePictureBefore(index: number) {
  const reduced = useReduced(previewed.value, false);
  const made = useSignal<{ image: ImageData; scale: number } | null>(null);
  useEffect(() => {
    const { value } = reduced;
    made.value = index === 0 ? value : null;
    if (!value || index === 0) return;
    const worker = new Preview(
      ({ image }) => {
        if (image) made.value = { image, scale: value.scale };
      },
      () => undefined,
    );
    worker.request({
      steps: wantedSteps.value.slice(0, index),
      image: value.image,
      reference: null,
      scale: value.scale,
    });
    return () => worker.stop();
  }, [reduced.value, index]);
  return made;
}

function Canvas({ image, tool, points }: { image: ImageData; tool: PictureTool; points: Signal<Point[]> }) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = image;
  const placeOf = ({ clientX, clientY }: PointerEvent): Point => {
    const box = (frame.current as HTMLDivElement).getBoundingClientRect();
    return within({ x: ((clientX - box.left) / box.width) * width, y: ((clientY - box.top) / box.height) * height });
  };
  const within = ({ x, y }: Point): Point => ({
    x: Math.min(width, Math.max(0, x)),
    y: Math.min(height, Math.max(0, y)),
  });
  const move = (index: number, to: Point) => (points.value = points.value.with(index, within(to)));
  const shape = points.value;
  const outline =
    tool.kind === 'rectangle' && shape.length === 2
      ? [shape[0], { x: shape[1].x, y: shape[0].y }, shape[1], { x: shape[0].x, y: shape[1].y }]
      : shape;
  return (
    <div
      class="drawing-frame"
      ref={frame}
      style={{ aspectRatio: `${width} / ${height}`, maxWidth: `calc(62vh * ${width / height})` }}
      onPointerDown={(event) => {
        // A new rectangle, or ruler, begins where one presses.
        if (tool.kind === 'corners' || (event.target as Element).closest('button')) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const place = placeOf(event);
        points.value = [place, place];
      }}
      onPointerMove={(event) => {
        if (event.buttons > 0 && event.currentTarget.hasPointerCapture(event.pointerId)) move(1, placeOf(event));
      }}
    >
      <Picture layer={image} alt="The picture to draw on" onSize={() => {}} />
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <polygon class={tool.kind} points={outline.map(({ x, y }) => `${x},${y}`).join(' ')} />
      </svg>
      {shape.map(({ x, y }, index) => (
        <Handle
          key={tool.handles[index]}
          name={tool.handles[index]}
          at={{ x, y }}
          size={{ width, height }}
          onMove={(to) => move(index, to)}
          placeOf={placeOf}
        />
      ))}
    </div>
  );
}

interface HandleProps {
  name: string;
  at: Point;
  size: { width: number; height: number };
  onMove: (to: Point) => void;
  placeOf: (event: PointerEvent) => Point;
}

const steps: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

function Handle({ name, at, size, onMove, placeOf }: HandleProps) {
  return (
    <button
      type="button"
      class="drawing-handle"
      aria-label={`${name}: ${Math.round(at.x)}, ${Math.round(at.y)}`}
      style={{ left: `${(at.x / size.width) * 100}%`, top: `${(at.y / size.height) * 100}%` }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.buttons > 0) onMove(placeOf(event));
      }}
      onKeyDown={(event) => {
        const step = steps[event.key];
        if (!step) return;
        event.preventDefault();
        const far = event.shiftKey ? 10 : 1;
        onMove({ x: at.x + step.x * far, y: at.y + step.y * far });
      }}
    />
  );
}
