/** All operations by name, in the order in which they are shown: by group, then by title. To add one, export it from `all.ts`. */
import { groups, type Operation } from '../vision/declaration/operation.ts';
import * as all from './all.ts';

const shown = (Object.values(all) as unknown as Operation[]).sort(
  (a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.title.localeCompare(b.title, 'en'),
);

export const operations: ReadonlyMap<string, Operation> = new Map(
  shown.map((operation) => [operation.name, operation]),
);
