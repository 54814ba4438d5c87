const controller = new AbortController();

/** Aborted when this instance is about to end: it begins nothing more, and what it has not finished goes to others. */
export const stopping = controller.signal;

export function beginStopping(): void {
  controller.abort(new Error('This instance is about to end.'));
}
