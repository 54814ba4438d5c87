/** Where the focus goes once a list has been drawn anew: what had it may have been moved or be gone. */

let wanted: readonly string[] = [];

/** The first of these ids that can have it gets it. */
export function focusLater(...ids: string[]): void {
  wanted = ids;
}

/** To be called after drawing. */
export function focusNow(): void {
  const ids = wanted;
  wanted = [];
  for (const id of ids) {
    const element = document.getElementById(id);
    if (!element || element.matches(':disabled')) continue;
    element.focus();
    return;
  }
}
