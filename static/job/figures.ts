/** The few numbers that say most of what was measured. */
import { counted, nameInWords, numberInWords } from '../ui/words.ts';

export interface Figure {
  /** Which it is, the same in other results of the same steps. */
  key: string;
  value: number;
  text: string;
  /** Whether it counts things, which other sizes of the image may have more or fewer of. */
  counts: boolean;
}

const singular: Record<string, string> = { people: 'person', boxes: 'box', matches: 'match', classes: 'class' };

/** So many are shown where there is little room. */
export const fewFigures = 3;

/** Of each step the count of what it has found, then its other single numbers. */
export function figuresOf(measurements: readonly Record<string, unknown>[]): Figure[] {
  const all = measurements.flatMap((measured, step) => {
    // Of two images, the corners are places, and the pairs are counted as matches.
    const named = 'homography' in measured ? ['corners', 'pairs'] : [];
    const list = Object.entries(measured).find(([name, value]) => isList(value) && !named.includes(name));
    const count = typeof measured.count === 'number' ? measured.count : (list?.[1] as unknown[] | undefined)?.length;
    const found: Figure[] =
      count === undefined
        ? []
        : [{ key: `${step}.count`, value: count, text: nameOf(count, list?.[0] ?? 'objects'), counts: true }];
    const others = Object.entries(measured).flatMap(([name, value]): Figure[] =>
      typeof value !== 'number' || name === 'count'
        ? []
        : [{ key: `${step}.${name}`, value, text: `${nameInWords(name)} ${numberInWords(value)}`, counts: false }],
    );
    return [...found, ...others];
  });
  return [...all.filter(({ counts }) => counts), ...all.filter(({ counts }) => !counts)];
}

function nameOf(count: number, list: string): string {
  return counted(count, singular[list] ?? nameInWords(list).replace(/s$/, ''), nameInWords(list));
}

/** Rows, of which there may be none. */
function isList(value: unknown): value is object[] {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}
