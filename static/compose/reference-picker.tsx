/** The second image of operations that need one: chosen, dropped here, taken from the images, or swapped with the image. */
import { useSignal } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { Icon } from '../ui/icon.tsx';
import { tell } from '../ui/messages.tsx';
import { accept, filesIn, filesOf } from './drop.ts';
import { accepted, canShow, makeReference, pickReference, reference, swapWithReference } from './images.ts';

export function ReferencePicker() {
  const picked = reference.value;
  const over = useSignal(false);
  const pick = (event: TargetedEvent<HTMLInputElement>) => {
    const [dropped] = filesOf(event.currentTarget.files ?? []);
    event.currentTarget.value = '';
    if (dropped) void tell(() => pickReference(dropped));
  };
  const drop = (event: DragEvent) => {
    over.value = false;
    const { dataTransfer } = event;
    if (!dataTransfer) return;
    event.preventDefault();
    void tell(async () => {
      const [dropped] = await filesIn(dataTransfer);
      if (dropped) await pickReference(dropped);
    });
  };
  return (
    <div
      class={over.value ? 'reference over' : 'reference'}
      role="group"
      aria-label="Second image"
      data-takes-files
      onDragOver={() => (over.value = true)}
      onDragLeave={() => (over.value = false)}
      onDrop={drop}
    >
      {picked && canShow(picked) && <img src={picked.url} alt="" width="56" height="56" />}
      <p>
        <strong>Second image</strong>
        <br />
        <span class={picked?.refusal ? 'error' : 'hint'}>
          {picked ? (picked.refusal ?? picked.path) : 'Drop it here. Every image is compared with it.'}
        </span>
      </p>
      <span class="row">
        <Suggestion />
        <label class="button">
          {picked ? 'Change' : 'Choose'}
          <input
            class="visually-hidden"
            type="file"
            accept={accept}
            onChange={pick}
            aria-label="Choose the second image"
          />
        </label>
        {picked && accepted.value.length === 1 && (
          <button
            type="button"
            class="icon-button"
            aria-label="Swap the two images"
            title="Swap the two images"
            onClick={swapWithReference}
          >
            <Icon name="swap" />
          </button>
        )}
        {picked && (
          <button
            type="button"
            class="icon-button"
            aria-label="Take the second image out"
            title="Take out"
            onClick={() => (reference.value = null)}
          >
            <Icon name="close" />
          </button>
        )}
      </span>
    </div>
  );
}

/** Of two images, the second one is likely meant. */
function Suggestion() {
  const [, second, ...others] = accepted.value;
  if (reference.value || !second || others.length > 0) return null;
  return (
    <button type="button" class="primary" onClick={() => makeReference(second)}>
      Use {second.path}
    </button>
  );
}
