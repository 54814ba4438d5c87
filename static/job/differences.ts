/** Parameters in words, and how two chains of steps differ. */
import { titleOf } from '../api/catalog.ts';
import { isDefault } from '../compose/state.ts';
import { textInWords } from '../ui/option-words.ts';
import { nameInWords, numberInWords } from '../ui/words.ts';

export interface StepLike {
  operation: string;
  params: Record<string, unknown>;
}

export interface WorkLike {
  steps: StepLike[];
  output: object;
  page: number;
}

export function valueInWords(value: unknown): string {
  if (value === undefined) return 'unset';
  if (value === null) return 'none';
  if (typeof value === 'number') return numberInWords(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object' && 'x' in value && 'unit' in value) return `${value.x} ${value.unit}`;
  return typeof value === 'string' ? textInWords(value) : JSON.stringify(value);
}

/** The titles of the steps, each with the parameters that are not at their defaults. */
export function chainInWords(steps: readonly StepLike[]): string {
  return steps
    .map(({ operation, params }) => {
      const changed = Object.entries(params)
        .filter(([name, value]) => !isDefault(operation, name, value))
        .map(([name, value]) => `${nameInWords(name)} ${valueInWords(value)}`);
      return titleOf(operation) + (changed.length > 0 ? ` (${changed.join(', ')})` : '');
    })
    .join(' → ');
}

/** What was changed from one version to the next, a line each. */
export function differences(before: WorkLike, after: WorkLike): string[] {
  const lines: string[] = [];
  const kept = commonSteps(before.steps, after.steps);
  for (const [index, { operation }] of before.steps.entries())
    if (!kept.some(([a]) => a === index)) lines.push(`without ${titleOf(operation)}`);
  for (const [index, { operation }] of after.steps.entries())
    if (!kept.some(([, b]) => b === index)) lines.push(`with ${titleOf(operation)}`);
  for (const [a, b] of kept) {
    const [one, other] = [before.steps[a], after.steps[b]];
    const several = after.steps.length > 1 ? `${titleOf(other.operation)}: ` : '';
    lines.push(...changes(one.params, other.params).map((line) => several + line));
  }
  if (before.page !== after.page) lines.push(`page ${before.page} → ${after.page}`);
  lines.push(
    ...changes(before.output as Record<string, unknown>, after.output as Record<string, unknown>).map(
      (line) => `output ${line}`,
    ),
  );
  return lines;
}

function changes(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${nameInWords(name)} ${valueInWords(before[name])} → ${valueInWords(after[name])}`);
}

/** The longest sequence of operations that both chains have, as pairs of indices. */
function commonSteps(before: readonly StepLike[], after: readonly StepLike[]): [number, number][] {
  const longest = (a: number, b: number): [number, number][] => {
    if (a === before.length || b === after.length) return [];
    const found = table[a]?.[b];
    if (found) return found;
    let best: [number, number][];
    if (before[a].operation === after[b].operation) best = [[a, b], ...longest(a + 1, b + 1)];
    else {
      const [left, right] = [longest(a + 1, b), longest(a, b + 1)];
      best = left.length >= right.length ? left : right;
    }
    table[a][b] = best;
    return best;
  };
  const table: [number, number][][][] = before.map(() => []);
  return longest(0, 0);
}
