/** Presets of one's own: stored by the service, and read from files and links. */
import { computed, signal } from '@preact/signals';
import type { Preset, Task } from '../../clients/typescript/src/index.ts';
import { catalog } from '../api/catalog.ts';
import { api, dataOf, sendQuietly, TesseraError } from '../api/client.ts';
import { type Output, output, takeSteps, wantedSteps } from './state.ts';
import { fromText, toText } from './steps-link.ts';

/** What is kept of a chain of steps. */
export interface Recipe {
  title: string;
  steps: { operation: string; params: Record<string, unknown> }[];
  output: Output;
}

export const ownPresets = signal<readonly Preset[]>([]);

/** What there is to keep. */
export const recipe = computed(() => ({ steps: wantedSteps.value, output: output.value }));

/** Those of the key that there is; none before there is one. */
export async function loadOwnPresets(): Promise<void> {
  const { data } = await api.GET('/api/presets', { fetch: sendQuietly });
  ownPresets.value = data?.presets ?? [];
}

/** Stores it, in place of one of the same name. Throws `TesseraError`. */
export async function storePreset({ title, steps, output }: Recipe): Promise<Preset> {
  const body = { name: nameOf(title), title, steps, output } as never;
  const stored = await dataOf(api.POST('/api/presets', { body }));
  await loadOwnPresets();
  return stored;
}

export async function deletePreset(name: string): Promise<void> {
  const { error } = await api.DELETE('/api/presets/{name}', { params: { path: { name } } });
  // Deleted elsewhere is deleted, too.
  if (error && error.status !== 404) throw new TesseraError(error);
  await loadOwnPresets();
}

/** `Count my cells!` → `count-my-cells`, as requests name it. */
export function nameOf(title: string): string {
  const name = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '');
  return name || 'preset';
}

/** The steps as a file. */
export function exported(title: string): Blob {
  const json = JSON.stringify({ title, ...recipe.value }, null, 2);
  return new Blob([`${json}\n`], { type: 'application/json' });
}

/** Reads what `exported` wrote. Throws where it is something else. */
export async function importPreset(file: File): Promise<Preset> {
  const read = recipeIn(JSON.parse(await file.text().catch(() => '')), file.name.replace(/\.json$/i, ''));
  return storePreset(read);
}

/** A link to this page that brings the steps along. */
export function linkTo(): string {
  return `${location.origin}${location.pathname}#/steps/${toText(recipe.value)}`;
}

/** Takes over the steps of such a link. Throws where there are none. */
export function takeLink(text: string): void {
  const { steps, output } = recipeIn(fromText(text), '');
  takeSteps({ steps, output });
}

function recipeIn(value: unknown, title: string): Recipe {
  const found = (typeof value === 'object' && value !== null ? value : {}) as Partial<Recipe>;
  const { steps } = found;
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) throw new Error('There are no steps in it.');
  const unknown = steps.find(({ operation }) => !catalog.value?.operations.has(operation));
  if (unknown) throw new Error(`The service has no operation ${unknown.operation}.`);
  return {
    title: typeof found.title === 'string' && found.title.trim() !== '' ? found.title.slice(0, 100) : title || 'Preset',
    steps: steps.map(({ operation, params = {} }) => ({ operation, params })),
    output: typeof found.output === 'object' && found.output !== null ? found.output : {},
  };
}

function isStep(value: unknown): value is Task['steps'][number] {
  if (typeof value !== 'object' || value === null) return false;
  const { operation, params } = value as Record<string, unknown>;
  return typeof operation === 'string' && (params === undefined || (typeof params === 'object' && params !== null));
}
