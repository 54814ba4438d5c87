/** The chain of steps: added from the catalog, moved by dragging or by keys, each with its form. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { catalog, titleOf } from '../api/catalog.ts';
import { HistoryButton } from '../ui/history-button.tsx';
import { Icon } from '../ui/icon.tsx';
import { namesInWords, sentence } from '../ui/words.ts';
import { CatalogDialog, catalogOpen } from './catalog-dialog.tsx';
import { focusLater, focusNow } from './focus.ts';
import { ParamsForm, type Wrong } from './params-form.tsx';
import { PictureDialog } from './picture-dialog.tsx';
import { type PictureTool, toolsOf } from './picture-tools.ts';
import { PresetDialog } from './preset-dialog.tsx';
import { PresetList } from './preset-list.tsx';
import { isNew, previewMeasured, problem } from './preview-panel.tsx';
import { closedSteps, type Draft, moveStep, removeStep, setClosed, setParams, steps } from './state.ts';
import { canRedo, canUndo, redo, undo } from './undo.ts';

/** The key of the step that is being dragged. */
const mime = 'application/x-tessera-step';

export function StepList() {
  const keeping = useSignal(false);
  const list = steps.value;
  const limit = catalog.value?.limits.steps ?? 16;
  const allClosed = list.every(({ key }) => closedSteps.value.has(key));
  useLayoutEffect(() => focusNow(), [list]);
  return (
    <div class="steps">
      <div class="row between">
        <h2>Steps</h2>
        <span class="row">
          {list.length > 1 && (
            <button
              type="button"
              class="quiet"
              onClick={() =>
                setClosed(
                  list.map(({ key }) => key),
                  !allClosed,
                )
              }
            >
              {allClosed ? 'Expand all' : 'Collapse all'}
            </button>
          )}
          <HistoryButton name="Undo" icon="undo" keys="Ctrl+Z" can={canUndo()} onClick={undo} />
          <HistoryButton name="Redo" icon="redo" keys="Ctrl+Shift+Z" can={canRedo()} onClick={redo} />
        </span>
      </div>
      <ol>
        {list.map((step, index) => (
          <StepCard key={step.key} step={step} index={index} last={index === list.length - 1} />
        ))}
      </ol>
      <button
        id="add-step"
        type="button"
        class="add"
        onClick={() => (catalogOpen.value = true)}
        disabled={list.length >= limit}
      >
        <Icon name="add" /> Add {list.length === 0 ? 'a step' : 'another step'}
      </button>
      {list.length === 0 && <PresetList />}
      {list.length > 0 && (
        <button type="button" class="quiet" onClick={() => (keeping.value = true)}>
          <Icon name="download" /> Save as preset or link
        </button>
      )}
      <CatalogDialog />
      <PresetDialog open={keeping} />
    </div>
  );
}

function StepCard({ step, index, last }: { step: Draft; index: number; last: boolean }) {
  const isOpen = !closedSteps.value.has(step.key);
  const over = useSignal(false);
  const tool = useSignal<PictureTool | null>(null);
  const operation = catalog.value?.operations.get(step.operation);
  const title = titleOf(step.operation);
  const wrong = wrongIn(index);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    over.value = false;
    const moved = Number(event.dataTransfer?.getData(mime));
    if (moved) moveStep(moved, index);
  };
  const id = `step-${step.key}`;
  const move = (to: number) => {
    moveStep(step.key, to);
    focusLater(`${id}-${to < index ? 'up' : 'down'}`, `${id}-${to < index ? 'down' : 'up'}`);
  };
  const remove = () => {
    const rest = steps.value.filter(({ key }) => key !== step.key);
    const next = rest[index] ?? rest[index - 1];
    removeStep(step.key);
    focusLater(next ? `step-${next.key}-title` : 'add-step');
  };
  const mayDrop = (event: DragEvent) => event.dataTransfer?.types.includes(mime) ?? false;
  return (
    <li
      class={over.value ? 'step over' : 'step'}
      onDragOver={(event) => {
        if (!mayDrop(event)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={drop}
    >
      <div
        class="step-head"
        draggable
        onDragStart={(event) => event.dataTransfer?.setData(mime, String(step.key))}
        title="Drag to move"
      >
        <button
          type="button"
          id={`${id}-title`}
          class="step-title"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setClosed([step.key], isOpen)}
        >
          <span class="number">{index + 1}</span> {title}
          {wrong && !wrong.isNew && <Icon name="warning" />}
        </button>
        <button
          type="button"
          class="icon-button"
          id={`${id}-up`}
          aria-label={`Move ${title} up`}
          disabled={index === 0}
          onClick={() => move(index - 1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="icon-button"
          id={`${id}-down`}
          aria-label={`Move ${title} down`}
          disabled={last}
          onClick={() => move(index + 1)}
        >
          <Icon name="down" />
        </button>
        <button type="button" class="icon-button" aria-label={`Remove ${title}`} onClick={remove}>
          <Icon name="close" />
        </button>
      </div>
      <div id={id} class="step-body" hidden={!isOpen}>
        {operation && (
          <>
            <p class="hint">{operation.summary}</p>
            <span class="row">
              {toolsOf(operation.name, operation.params).map((candidate) => (
                <button key={candidate.title} type="button" onClick={() => (tool.value = candidate)}>
                  <Icon name="fit" /> {candidate.title}
                </button>
              ))}
            </span>
            <PictureDialog
              tool={tool}
              index={index}
              params={step.params}
              onChange={(params) => setParams(step.key, params)}
            />
            <ParamsForm
              id={id}
              operation={operation.name}
              schema={operation.params}
              params={step.params}
              wrong={wrong}
              measured={previewMeasured.value[index]}
              onChange={(params) => setParams(step.key, params)}
            />
          </>
        )}
      </div>
    </li>
  );
}

/** What the operation's own check says of a parameter of the step. */
function wrongIn(index: number): Wrong | null {
  const field = problem.value?.field as string | undefined;
  const detail = problem.value?.detail;
  const prefix = `steps[${index}].params`;
  if (!field?.startsWith(prefix) || detail === undefined) return null;
  const path = field.slice(prefix.length + 1);
  const [param] = path.split('.');
  return {
    param,
    detail: sentence(namesInWords(detail.replace(field, path.replaceAll('.', ' ')))),
    isNew: isNew(index),
  };
}
