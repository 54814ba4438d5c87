/** Images × measurements: of a hundred thousand rows, those in sight are drawn. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { StateBadge } from '../job/state-badge.tsx';
import { jobHref } from '../router.ts';
import { Icon } from '../ui/icon.tsx';
import { nameInWords, numberInWords } from '../ui/words.ts';
import { numberIn, type Row, type Value } from './rows.ts';
import type { Sort } from './selection.ts';
import { isOutlier, type Statistics } from './statistics.ts';
import { thumbnailOf, want } from './thumbnails.ts';

interface ResultTableProps {
  jobId: string;
  rows: readonly Row[];
  columns: string[];
  sort: Sort | null;
  onSort: (column: string) => void;
  measure: string | null;
  statistics: Statistics | null;
}

/** As the style sheet has it. */
const rowHeight = 48;
/** Above and below what is in sight. */
const spareRows = 8;

export function ResultTable({ jobId, rows, columns, sort, onSort, measure, statistics }: ResultTableProps) {
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSignal({ top: 0, height: 600 });
  const look = () => {
    const { scrollTop = 0, clientHeight = 600 } = frame.current ?? {};
    seen.value = { top: scrollTop, height: clientHeight };
  };
  useEffect(look, [rows.length]);
  const first = Math.max(0, Math.min(rows.length - 1, Math.floor(seen.value.top / rowHeight)) - spareRows);
  const last = Math.min(rows.length, Math.ceil((seen.value.top + seen.value.height) / rowHeight) + spareRows);
  const heading = (column: string, text: string) => (
    <Heading key={column} text={text} sort={sort?.column === column ? sort : null} onSort={() => onSort(column)} />
  );
  return (
    <div class="scroll result-table" ref={frame} onScroll={look} tabIndex={0} role="region" aria-label="Results, table">
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <th scope="col">
              <span class="visually-hidden">Picture</span>
            </th>
            {heading('name', 'Image')}
            {heading('state', 'State')}
            {columns.map((column) => heading(column, headingOf(column)))}
          </tr>
        </thead>
        <tbody>
          <Spacer rows={first} />
          {rows.slice(first, last).map((row, place) => (
            <ResultRow
              key={row.id}
              jobId={jobId}
              row={row}
              place={first + place + 2}
              columns={columns}
              marked={
                measure !== null && statistics !== null && isOutlier(numberIn(row, measure), statistics)
                  ? measure
                  : null
              }
            />
          ))}
          <Spacer rows={rows.length - last} />
        </tbody>
      </table>
    </div>
  );
}

/** `watershed.count` → `Watershed count`. */
export function headingOf(column: string): string {
  const words = nameInWords(column);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Heading({ text, sort, onSort }: { text: string; sort: Sort | null; onSort: () => void }) {
  return (
    <th scope="col" aria-sort={sort ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={onSort}>
        {text}
        {sort && <Icon name={sort.descending ? 'down' : 'up'} />}
      </button>
    </th>
  );
}

function Spacer({ rows }: { rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr class="spacer-row">
      <td style={{ height: `${rows * rowHeight}px` }} />
    </tr>
  );
}

interface ResultRowProps {
  jobId: string;
  row: Row;
  /** Among all, the heading included. */
  place: number;
  columns: string[];
  /** The column in which it is an outlier. */
  marked: string | null;
}

function ResultRow({ jobId, row, place, columns, marked }: ResultRowProps) {
  const { id, index, name, state, error, values } = row;
  const url = thumbnailOf(id).value;
  useEffect(() => (state === 'Succeeded' ? want(id) : undefined), [id, state]);
  const href = jobHref(jobId, index);
  return (
    <tr aria-rowindex={place} class={marked ? 'outlier' : ''}>
      <td class="picture-cell">
        {url ? <img src={url} alt="" decoding="async" /> : <Icon name={state === 'Failed' ? 'warning' : 'image'} />}
      </td>
      <td class="name-cell">
        <a href={href} title={error ?? undefined}>
          {name ?? `image ${index + 1}`}
        </a>
      </td>
      <td>
        <StateBadge state={state} />
      </td>
      {columns.map((column) => (
        <td key={column} class={column === marked ? 'marked' : ''}>
          {shown(values[column])}
          {column === marked && <span class="visually-hidden"> (outlier)</span>}
        </td>
      ))}
    </tr>
  );
}

function shown(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? numberInWords(value) : value;
}
