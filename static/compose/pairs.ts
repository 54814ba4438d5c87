/** Parameters that are the two ends of a range. */
import { controlOf, type ParamSchema } from './param-schema.ts';

const ends = [
  ['low', 'high'],
  ['min', 'max'],
  ['lower', 'upper'],
] as const;

/** By either name, the lower and the upper end. */
export type Pairs = ReadonlyMap<string, readonly [low: string, high: string]>;

/** Pairs of plain numbers that are named alike: `lowThreshold` and `highThreshold`. */
export function pairsIn(properties: Readonly<Record<string, ParamSchema>>): Pairs {
  const isNumber = (name: string) => name in properties && controlOf(properties[name]).kind === 'number';
  const defaultOf = (name: string) => (properties[name].default ?? Number.NaN) as number;
  const found = Object.keys(properties).flatMap((low) =>
    ends.flatMap(([first, second]) => {
      const high = second + low.slice(first.length);
      // An upper end that is below the lower one by default stands for none.
      const isPair = low.startsWith(first) && isNumber(low) && isNumber(high) && !(defaultOf(high) < defaultOf(low));
      return isPair ? [[low, high] as const] : [];
    }),
  );
  return new Map(found.flatMap((pair) => pair.map((name) => [name, pair])));
}
