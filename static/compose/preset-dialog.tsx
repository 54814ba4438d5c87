/** Keeping a chain of steps: under a name, as a file, as a link. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { chainOf } from '../api/catalog.ts';
import { Icon } from '../ui/icon.tsx';
import { say, tell } from '../ui/messages.tsx';
import { saveFile } from '../ui/save-file.ts';
import { exported, linkTo, nameOf, ownPresets, recipe, storePreset } from './own-presets.ts';

export function PresetDialog({ open }: { open: Signal<boolean> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useSignal('');
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open.value]);
  const name = nameOf(title.value);
  const replaces = ownPresets.value.some((preset) => preset.name === name);
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void tell(async () => {
      const stored = await storePreset({ title: title.value.trim(), ...recipe.value });
      open.value = false;
      say(`Saved. Requests name it "${stored.name}".`);
    });
  };
  const copyLink = () =>
    tell(async () => {
      await navigator.clipboard.writeText(linkTo());
      open.value = false;
      say('The link is on the clipboard.');
    });
  return (
    <dialog ref={dialog} class="key-dialog" aria-labelledby="preset-title" onClose={() => (open.value = false)}>
      <form onSubmit={save}>
        <h2 id="preset-title">Keep these steps</h2>
        <p class="hint">{chainOf(recipe.value.steps.map(({ operation }) => operation))}</p>
        <label class="field">
          Name
          <input
            name="title"
            required
            maxLength={100}
            autocomplete="off"
            value={title.value}
            onInput={({ currentTarget }) => (title.value = currentTarget.value)}
          />
        </label>
        {title.value.trim() !== '' && (
          <p class="hint">
            In requests: <code>preset={name}</code>
            {replaces && ' (replaces yours of that name)'}
          </p>
        )}
        <div class="row between">
          <span class="row">
            <button type="button" onClick={copyLink}>
              <Icon name="copy" /> Copy link
            </button>
            <button
              type="button"
              onClick={() =>
                saveFile(exported(title.value.trim() || 'Preset'), `${title.value.trim() ? name : 'preset'}.json`)
              }
            >
              <Icon name="download" /> Export
            </button>
          </span>
          <button type="submit" class="primary">
            Save
          </button>
        </div>
        <button type="button" class="quiet" onClick={() => (open.value = false)}>
          Close
        </button>
      </form>
    </dialog>
  );
}
