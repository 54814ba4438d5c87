/** What the service offers: operations, presets, limits. */
import { signal } from '@preact/signals';
import type { Limits, Operation, Preset } from '../../clients/typescript/src/index.ts';
import { api, dataOf } from './client.ts';
import { pause } from './patience.ts';

export interface Catalog {
  operations: ReadonlyMap<string, Operation>;
  presets: readonly Preset[];
  limits: Limits;
}

/** Null until it has been read. */
export const catalog = signal<Catalog | null>(null);

export async function loadCatalog(): Promise<void> {
  while (!catalog.value) {
    try {
      const { operations, presets, limits } = await dataOf(api.GET('/api/operations'));
      const byName = new Map(operations.map((operation) => [operation.name, operation]));
      catalog.value = { operations: byName, presets, limits };
    } catch {
      // The banner tells that the service is away.
      await pause(3000);
    }
  }
}

export function titleOf(operation: string): string {
  return catalog.value?.operations.get(operation)?.title ?? operation;
}

/** The titles of operations, in their order. */
export function chainOf(operations: readonly string[]): string {
  return operations.map(titleOf).join(' → ');
}

/** Whether an operation moves pixels to other places. */
export function moves(operation: string): boolean {
  return catalog.value?.operations.get(operation)?.group === 'geometry';
}
