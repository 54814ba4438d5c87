/** Which rows are shown, and in what order. */
import { numberIn, type Row, type Value } from './rows.ts';
import { isOutlier, type Statistics } from './statistics.ts';

export interface Sort {
  /** `name`, `state`, or that of a value. */
  column: string;
  descending: boolean;
}

export interface Range {
  from: number | null;
  to: number | null;
}

export interface Selection {
  /** A part of the image's name, or of the error. */
  search: string;
  /** The measure that statistics and plots are of. */
  measure: string | null;
  /** Of the measure. */
  range: Range;
  outliersOnly: boolean;
  sort: Sort | null;
}

export function selectedRows(rows: readonly Row[], selection: Selection, statistics: Statistics | null): Row[] {
  const { search, measure, range, outliersOnly, sort } = selection;
  const words = search.trim().toLowerCase();
  const kept = rows.filter((row) => {
    if (words && !`${row.name ?? ''} ${row.error ?? ''}`.toLowerCase().includes(words)) return false;
    if (measure === null) return true;
    const value = numberIn(row, measure);
    if (outliersOnly && !(statistics && isOutlier(value, statistics))) return false;
    if (range.from !== null && (value === null || value < range.from)) return false;
    return range.to === null || (value !== null && value <= range.to);
  });
  if (!sort) return kept;
  const sign = sort.descending ? -1 : 1;
  const keyOf = (row: Row): Value =>
    sort.column === 'name' || sort.column === 'state' ? row[sort.column] : (row.values[sort.column] ?? null);
  return kept.sort((a, b) => compare(keyOf(a), keyOf(b), sign) || a.index - b.index);
}

/** What has no value comes last, in either order. */
function compare(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * sign;
  return collator.compare(String(a), String(b)) * sign;
}

const collator = new Intl.Collator(undefined, { numeric: true });
