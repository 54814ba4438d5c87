/**
 * Ctrl+Z and its kin, outside of fields that have an undo of their own; gives what stops it. Where it is on top of others that listen,
 * these hear nothing, wherever the focus is.
 */
export function listenForUndo({ undo, redo }: { undo: () => void; redo: () => void }, isOnTop = false): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const again = key === 'y' || (key === 'z' && event.shiftKey);
    if (key !== 'z' && !again) return;
    if (isOnTop) event.stopPropagation();
    const { target } = event;
    if (
      target instanceof HTMLElement &&
      target.matches('textarea, input:not([type="range"], [type="checkbox"], [type="radio"])')
    )
      return;
    event.preventDefault();
    if (again) redo();
    else undo();
  };
  const options = { capture: isOnTop };
  window.addEventListener('keydown', onKey, options);
  return () => window.removeEventListener('keydown', onKey, options);
}
