/** The picture as a step gets it, with a tool that sets the step's parameters. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Preview } from '../preview/preview.ts';
import { HistoryButton } from '../ui/history-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { listenForUndo } from '../ui/undo-keys.ts';
import { counted, numberInWords } from '../ui/words.ts';
import { AreasDrawing } from './areas-drawing.tsx';
import { BrushDrawing } from './brush-drawing.tsx';
import { type DrawnHistory, useDrawnHistory } from './drawn-history.ts';
import { previewed, reference } from './images.ts';
import {
  type AreasTool,
  type BrushTool,
  type DrawnOn,
  type Params,
  type PictureTool,
  type PointsTool,
  pixelSizeFrom,
  type WindowTool,
} from './picture-tools.ts';
import { PointsDrawing } from './points-drawing.tsx';
import { type Reduced, useReduced } from './reduced-image.ts';
import { wantedSteps } from './state.ts';
import { givenWindow, grayOf, WindowDrawing } from './window-drawing.tsx';

interface PictureDialogProps {
  /** The tool in use; null: closed. */
  tool: Signal<PictureTool | null>;
  /** Of the step. */
  index: number;
  params: Params;
  onChange: (params: Params) => void;
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
  params: Params;
  onTake: (set: Params) => void;
}

function Drawing({ tool, index, params, onTake }: DrawingProps) {
  const on = usePictureBefore(index).value;
  if (!on) return <p class="empty">Choose an image that this browser shows: the tool works on its picture.</p>;
  const given = { on, params, onTake };
  if (tool.kind === 'areas') return <AreasPanel tool={tool} {...given} />;
  if (tool.kind === 'window') return <WindowPanel tool={tool} {...given} />;
  if (tool.kind === 'brush') return <BrushPanel tool={tool} {...given} />;
  return <PointsPanel tool={tool} {...given} />;
}

interface PanelProps<Tool> {
  tool: Tool;
  on: Reduced;
  params: Params;
  onTake: (set: Params) => void;
}

function AreasPanel({ tool, on, params, onTake }: PanelProps<AreasTool>) {
  const drawnOn = sizesOf(on);
  const history = useDrawn(() => tool.read(params, drawnOn), on);
  const areas = history.value.value;
  return (
    <Panel
      hint={tool.hint}
      history={history}
      said={counted(areas.length, 'rectangle')}
      onTake={() => onTake(tool.write(areas, drawnOn))}
    >
      <AreasDrawing image={on.image} areas={areas} onChange={history.change} />
    </Panel>
  );
}

function BrushPanel({ tool, on, params, onTake }: PanelProps<BrushTool>) {
  const drawnOn = sizesOf(on);
  const history = useDrawn(() => tool.read(params, drawnOn), on);
  const painted = history.value.value;
  const said = tool.layers.map(({ param, name }) => `${name}: ${counted(painted[param].length, 'stroke')}`);
  return (
    <Panel
      hint={tool.hint}
      history={history}
      said={said.join(', ')}
      onTake={() => onTake(tool.write(painted, drawnOn))}
    >
      <BrushDrawing image={on.image} scale={on.scale} tool={tool} painted={painted} onChange={history.change} />
    </Panel>
  );
}

function WindowPanel({ tool, on, params, onTake }: PanelProps<WindowTool>) {
  const drawnOn = sizesOf(on);
  const begin = () => ({ ...givenWindow(grayOf(on.source)), ...tool.read(params, drawnOn) });
  const history = useDrawn(begin, on);
  const window = history.value.value;
  return (
    <Panel
      hint={tool.hint}
      history={history}
      said={`center ${numberInWords(window.center)}, width ${numberInWords(window.width)}`}
      onTake={() => onTake(tool.write(window, drawnOn))}
    >
      <WindowDrawing source={on.source} window={window} onChange={history.change} />
    </Panel>
  );
}

function PointsPanel({ tool, on, params, onTake }: PanelProps<PointsTool>) {
  const drawnOn = sizesOf(on);
  const history = useDrawn(() => tool.read(params, drawnOn), on);
  const points = history.value.value;
  const length = useSignal('100');
  const unit = useSignal('µm');
  const known = Number(length.value);
  const set = tool.kind === 'ruler' ? pixelSizeFrom(points, drawnOn, known, unit.value) : tool.write(points, drawnOn);
  const valid = tool.kind !== 'ruler' || (known > 0 && unit.value.trim() !== '');
  return (
    <Panel
      hint={tool.hint}
      history={history}
      said={valid ? described(set) : 'The length must be a number above 0.'}
      valid={valid}
      onTake={() => onTake(set)}
    >
      <PointsDrawing image={on.image} tool={tool} points={points} onChange={history.change} />
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
    </Panel>
  );
}

interface DrawingPanelProps {
  hint: string;
  history: Pick<DrawnHistory<unknown>, 'canUndo' | 'canRedo' | 'undo' | 'redo'>;
  /** What will be set. */
  said: string;
  valid?: boolean;
  onTake: () => void;
  children: ComponentChildren;
}

function Panel({ hint, history, said, valid = true, onTake, children }: DrawingPanelProps) {
  const { undo, redo } = history;
  // What is behind the dialog has an undo of its own.
  useEffect(() => listenForUndo({ undo, redo }, true), []);
  return (
    <div class="drawing">
      <p class="hint">{hint}</p>
      {children}
      <div class="row between">
        <output class="hint">{said}</output>
        <span class="row">
          <HistoryButton name="Undo" icon="undo" keys="Ctrl+Z" can={history.canUndo} onClick={history.undo} />
          <HistoryButton name="Redo" icon="redo" keys="Ctrl+Shift+Z" can={history.canRedo} onClick={history.redo} />
          <button type="button" class="primary" disabled={!valid} onClick={onTake}>
            Use it
          </button>
        </span>
      </div>
    </div>
  );
}

function sizesOf({ image, scale }: Reduced): DrawnOn {
  return { width: image.width, height: image.height, scale };
}

/** Begins with what the parameters say, and again where the picture has become another. */
function useDrawn<Value>(read: () => Value, on: Reduced): DrawnHistory<Value> {
  const history = useDrawnHistory(read);
  const begun = useRef(on);
  useEffect(() => {
    if (begun.current !== on) history.reset(read());
    begun.current = on;
  }, [on]);
  return history;
}

function described(set: Params): string {
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
  const second = useReduced(index === 0 ? undefined : (reference.value ?? undefined), false, null);
  const made = useSignal<Reduced | null>(null);
  useEffect(() => {
    const { value } = reduced;
    made.value = index === 0 ? value : null;
    if (!value || index === 0) return;
    const worker = new Preview(
      ({ image, deep }) => {
        if (image) made.value = { ...value, image, source: deep ?? image };
      },
      () => undefined,
    );
    worker.request({
      steps: wantedSteps.value.slice(0, index),
      image: value.source,
      reference: second.value?.source ?? null,
      scale: value.scale,
      deep: true,
    });
    return () => worker.stop();
  }, [reduced.value, second.value, index]);
  return made;
}
