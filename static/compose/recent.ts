/** The operations that were used last, in this browser. */
import { signal } from '@preact/signals';

const kept = 'tessera-recent';
const most = 4;

export const recent = signal<readonly string[]>(JSON.parse(localStorage.getItem(kept) ?? '[]') as string[]);

export function used(operation: string): void {
  recent.value = [operation, ...recent.value.filter((name) => name !== operation)].slice(0, most);
  localStorage.setItem(kept, JSON.stringify(recent.value));
}
