/** The chain of steps: added from the catalog, moved by dragging or by keys, each with its form. */
import { useSignal } from '@preact/signals';
import { catalog, titleOf } from '../api/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { namesInWords } from '../ui/words.ts';
import { CatalogDialog } from './catalog-dialog.tsx';
import { ParamsForm } from './params-form.tsx';
import { problem } from './preview-panel.tsx';
import { type Draft, moveStep, removeStep, setParams, steps, takeSteps } from './state.ts';

/** The key of the step that is being dragged. */
const mime = 'application/x-tessera-step';

export function StepList() {
  const adding = useSignal(false);
  const list = steps.value;
  const limit = catalog.value?.limits.steps ?? 16;
  return (
    <div class="steps">
      <h2>Steps</h2>
      {list.length === 0 && <Presets />}
      <ol>
        {list.map((step, index) => (
          <StepCard key={step.key} step={step} index={index} last={index === list.length - 1} />
        ))}
      </ol>
      <button type="button" class="add" onClick={() => (adding.value = true)} disabled={list.length >= limit}>
        <Icon name="add" /> Add {list.length === 0 ? 'a step' : 'another step'}
      </button>
      <CatalogDialog open={adding} />
    </div>
  );
}

function Presets() {
  return (
    <div class="presets">
      <p class="hint">Begin with a proven chain, or add single steps.</p>
      <ul>
        {catalog.value?.presets.map((preset) => (
          <li key={preset.name}>
            <button type="button" title={preset.summary} onClick={() => takeSteps(preset)}>
              {preset.title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function StepCard({ step, index, last }: { step: Draft; index: number; last: boolean }) {
  const open = useSignal(true);
  const over = useSignal(false);
  const operation = catalog.value?.operations.get(step.operation);
  const title = titleOf(step.operation);
  const wrong = wrongIn(index);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    over.value = false;
    const moved = Number(event.dataTransfer?.getData(mime));
    if (moved) moveStep(moved, index);
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
          class="step-title"
          aria-expanded={open.value}
          aria-controls={`step-${step.key}`}
          onClick={() => (open.value = !open.value)}
        >
          <span class="number">{index + 1}</span> {title}
          {wrong && <Icon name="warning" />}
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Move ${title} up`}
          disabled={index === 0}
          onClick={() => moveStep(step.key, index - 1)}
        >
          <Icon name="up" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Move ${title} down`}
          disabled={last}
          onClick={() => moveStep(step.key, index + 1)}
        >
          <Icon name="down" />
        </button>
        <button type="button" class="icon-button" aria-label={`Remove ${title}`} onClick={() => removeStep(step.key)}>
          <Icon name="close" />
        </button>
      </div>
      <div id={`step-${step.key}`} class="step-body" hidden={!open.value}>
        {operation && (
          <>
            <p class="hint">{operation.summary}</p>
            <ParamsForm
              id={`step-${step.key}`}
              operation={operation.name}
              schema={operation.params}
              params={step.params}
              wrong={wrong}
              onChange={(params) => setParams(step.key, params)}
            />
          </>
        )}
      </div>
    </li>
  );
}

/** What the operation's own check says of a parameter of the step. */
function wrongIn(index: number): { param: string; detail: string } | null {
  const field = problem.value?.field as string | undefined;
  const detail = problem.value?.detail;
  const prefix = `steps[${index}].params`;
  if (!field?.startsWith(prefix) || detail === undefined) return null;
  const path = field.slice(prefix.length + 1);
  const [param] = path.split('.');
  return { param, detail: namesInWords(detail.replace(field, path.replaceAll('.', ' '))) };
}
