import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { giveKey, key, keyWanted } from '../api/client.ts';

const opened = signal(false);

export function openKeyDialog(): void {
  opened.value = true;
}

/** Asks for the function key, where the service wants one. */
export function KeyDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const wanted = keyWanted.value;
  const open = opened.value || wanted !== 'no';
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    giveKey(String(new FormData(form).get('key') ?? '').trim());
    opened.value = false;
  };
  return (
    <dialog ref={dialog} class="key-dialog" aria-labelledby="key-title" onClose={() => (opened.value = false)}>
      <form onSubmit={submit}>
        <h2 id="key-title">API key</h2>
        <p>
          {wanted === 'refused'
            ? 'The service does not know this key. Give another one.'
            : 'This service answers only with a function key. Whoever runs it can give you one.'}
        </p>
        <label class="field">
          Key
          <input name="key" type="password" autocomplete="off" required={wanted !== 'no'} value={key.value} />
        </label>
        <p class="hint">It is kept in this browser and sent with each request.</p>
        <div class="row end">
          <button type="submit" class="primary">
            Use this key
          </button>
        </div>
      </form>
    </dialog>
  );
}
