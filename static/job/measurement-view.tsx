/** What one step measured: single values, tables that can be sorted, histograms. */
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { statisticsOf } from '../analysis/statistics.ts';
import { Icon } from '../ui/icon.tsx';
import { textInWords } from '../ui/option-words.ts';
import { saveFile } from '../ui/save-file.ts';
import { nameInWords, numberInWords } from '../ui/words.ts';
import { Histogram, isHistogram } from './histogram.tsx';
import { measureFacts } from './measure-facts.ts';
import { csvOf, matrixOf, repeatsNumber, type Table, tableOf } from './measurement-table.ts';

interface MeasurementViewProps {
  step: number;
  title: string;
  operation: string;
  /** Begins the names of files. */
  fileBase: string;
  measured: Record<string, unknown>;
  /** The row that is pointed at, here or in the picture. */
  pointed: Signal<string | null>;
  /** Rows that are not counted, by their ids. */
  leftOut: ReadonlySet<string>;
  onToggle: (row: string) => void;
}

export function MeasurementView({
  step,
  title,
  operation,
  fileBase,
  measured,
  pointed,
  leftOut,
  onToggle,
}: MeasurementViewProps) {
  const entries = Object.entries(measured);
  if (entries.length === 0) return null;
  const single = entries.filter(([, value]) => typeof value !== 'object' || value === null);
  const small = entries.filter(([name, value]) => isSmall(value) && !isHistogram(name, value));
  const tables = entries.flatMap(([name, value]) => {
    const table = tableOf(value);
    return table ? [{ name, table }] : [];
  });
  const matrices = entries.flatMap(([name, value]) => {
    const matrix = matrixOf(value);
    return matrix ? [{ name, matrix }] : [];
  });
  const histogram = entries.find(([name, value]) => isHistogram(name, value));
  return (
    <section class="measured">
      <h2>{title}</h2>
      <dl>
        {single.map(([name, value]) => (
          <div key={name}>
            <dt title={measureFacts(operation, name).description}>{nameInWords(name)}</dt>
            <dd>
              {shown(value)} {typeof value === 'number' && measureFacts(operation, name).unit}
            </dd>
          </div>
        ))}
        {small.map(([name, value]) => (
          <div key={name}>
            <dt>{nameInWords(name)}</dt>
            <dd>
              {Object.entries(value as object)
                .map(([key, item]) => `${nameInWords(key)} ${shown(item)}`)
                .join(', ')}
            </dd>
          </div>
        ))}
      </dl>
      {histogram && <Histogram channels={histogram[1] as Parameters<typeof Histogram>[0]['channels']} />}
      {matrices.map(({ name, matrix }) => (
        <Matrix key={name} name={name} matrix={matrix} />
      ))}
      {tables.map(({ name, table }) => (
        <SortedTable
          key={name}
          id={`${step}.${name}`}
          name={name}
          operation={operation}
          fileName={`${fileBase}-${name}.csv`}
          table={table}
          pointed={pointed}
          leftOut={leftOut}
          onToggle={onToggle}
        />
      ))}
    </section>
  );
}

function Matrix({ name, matrix }: { name: string; matrix: number[][] }) {
  return (
    <div class="table">
      <h3>{nameInWords(name)}</h3>
      <table class="matrix" aria-label={nameInWords(name)}>
        <tbody>
          {matrix.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{numberInWords(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A few named values. */
function isSmall(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item !== 'object' || item === null);
}

function shown(value: unknown): string {
  if (typeof value === 'number') return numberInWords(value);
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return textInWords(String(value));
}

/** More rows are in the CSV. */
const shownRows = 200;

interface SortedTableProps extends Pick<MeasurementViewProps, 'pointed' | 'leftOut' | 'onToggle'> {
  /** Begins the ids of its rows. */
  id: string;
  name: string;
  operation: string;
  fileName: string;
  table: Table;
}

function SortedTable({ id, name, operation, fileName, table, pointed, leftOut, onToggle }: SortedTableProps) {
  const by = useSignal<{ column: number; descending: boolean } | null>(null);
  const rows = sorted(table, by.value);
  const counted = { ...table, rows: table.rows.filter(({ index }) => !leftOut.has(`${id}.${index}`)) };
  const isWhole = counted.rows.length === table.rows.length;
  const scroll = useRef<HTMLDivElement>(null);
  const whole = useRef<HTMLDivElement>(null);
  const columns = table.columns.flatMap((column, index) =>
    repeatsNumber(table, index) ? [] : [{ column, index, ...measureFacts(operation, `${name}.${column}`) }],
  );
  // What is pointed at in the picture comes into sight here.
  useEffect(() => {
    if (!scroll.current || scroll.current.matches(':hover')) return;
    const row = scroll.current.querySelector<HTMLElement>('tr.pointed');
    if (row) scrollToRow(scroll.current, row);
  }, [pointed.value]);
  const sort = (column: number) => {
    const descending = by.value?.column === column ? !by.value.descending : false;
    by.value = { column, descending };
  };
  return (
    <div class="table" ref={whole}>
      <div class="row between">
        <h3>
          {nameInWords(name)}{' '}
          <small>
            {!isWhole && `${numberInWords(counted.rows.length)} of `}
            {numberInWords(table.rows.length)}
          </small>
        </h3>
        {rows.length > 0 && (
          <span class="row">
            <button
              type="button"
              class="quiet"
              onClick={() => saveFile(new Blob([csvOf(counted)], { type: 'text/csv' }), fileName)}
            >
              <Icon name="download" /> CSV
            </button>
            {document.fullscreenEnabled && (
              <button
                type="button"
                class="icon-button"
                aria-label={`${nameInWords(name)}, full screen`}
                title="Full screen"
                onClick={() =>
                  void (document.fullscreenElement ? document.exitFullscreen() : whole.current?.requestFullscreen())
                }
              >
                <Icon name="full" />
              </button>
            )}
          </span>
        )}
      </div>
      {rows.length === 0 ? (
        <p class="hint">None found.</p>
      ) : (
        <div class="scroll" ref={scroll} tabIndex={0} role="region" aria-label={`${nameInWords(name)}, table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">#</th>
                {columns.map(({ column, index, unit, description }) => {
                  const own = by.value?.column === index;
                  return (
                    <th
                      key={column}
                      scope="col"
                      aria-sort={own ? (by.value?.descending ? 'descending' : 'ascending') : 'none'}
                    >
                      <button type="button" title={description} onClick={() => sort(index)}>
                        {nameInWords(column)} {unit && <small>{unit}</small>}
                        {own && <Icon name={by.value?.descending ? 'down' : 'up'} />}
                      </button>
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, shownRows).map(({ index, cells }) => {
                const rowId = `${id}.${index}`;
                return (
                  <tr
                    key={index}
                    class={`${pointed.value === rowId ? 'pointed' : ''}${leftOut.has(rowId) ? ' left-out' : ''}`}
                    onPointerEnter={() => (pointed.value = rowId)}
                    onPointerLeave={() => (pointed.value = null)}
                  >
                    <td>
                      <label>
                        <input
                          type="checkbox"
                          aria-label={`Count row ${index + 1}`}
                          checked={!leftOut.has(rowId)}
                          onChange={() => onToggle(rowId)}
                        />
                        {index + 1}
                      </label>
                    </td>
                    {columns.map(({ column, index: at }) => (
                      <td key={column}>{cells[at] === undefined ? '' : shown(cells[at])}</td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
            <Summary table={counted} columns={columns} />
          </table>
        </div>
      )}
      {rows.length > shownRows && <p class="hint">The first {shownRows}; all are in the CSV.</p>}
    </div>
  );
}

/** Names and places have no mean. */
const unsummed = ['id', 'label', 'index', 'x', 'y'];

/** Mean and standard deviation of the rows that are counted. */
function Summary({
  table: { rows },
  columns,
}: {
  table: Table;
  columns: readonly { column: string; index: number }[];
}) {
  if (rows.length < 2) return null;
  const statistics = columns.map(({ column: name, index }) => {
    const values = rows.map(({ cells }) => cells[index]);
    const isMeasure =
      !name.includes('.') && !unsummed.includes(name) && values.every((value) => typeof value === 'number');
    return isMeasure ? statisticsOf(values as number[]) : null;
  });
  if (!statistics.some((one) => one)) return null;
  const line = (title: string, value: 'mean' | 'deviation') => (
    <tr>
      <th scope="row">{title}</th>
      {statistics.map((one, column) => (
        <td key={columns[column].column}>{one && numberInWords(one[value])}</td>
      ))}
    </tr>
  );
  return (
    <tfoot>
      {line('mean', 'mean')}
      {line('SD', 'deviation')}
    </tfoot>
  );
}

/** Of the page itself, nothing is moved. */
function scrollToRow(scroll: HTMLElement, row: HTMLElement): void {
  const frame = scroll.getBoundingClientRect();
  const head = scroll.querySelector('thead')?.getBoundingClientRect().height ?? 0;
  const { top, bottom } = row.getBoundingClientRect();
  if (top < frame.top + head) scroll.scrollTop -= frame.top + head - top;
  else if (bottom > frame.bottom) scroll.scrollTop += bottom - frame.bottom;
}

function sorted({ rows }: Table, by: { column: number; descending: boolean } | null): Table['rows'] {
  if (!by) return rows;
  const { column, descending } = by;
  return rows.toSorted((a, b) => compare(a.cells[column], b.cells[column]) * (descending ? -1 : 1));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''), undefined, { numeric: true });
}
