/** Ctrl+Z and its kin, outside of fields that have an undo of their own; gives what stops it. */
export function listenForUndo({ undo, redo }: { undo: () => void; redo: () => void }): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const { target } = event;
    if (
      target instanceof HTMLElement &&
      target.matches('textarea, input:not([type="range"], [type="checkbox"], [type="radio"])')
    )
      return;
    const key = event.key.toLowerCase();
    const again = key === 'y' || (key === 'z' && event.shiftKey);
    if (key !== 'z' && !again) return;
    event.preventDefault();
    if (again) redo();
    else undo();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
