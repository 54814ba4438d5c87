import { headingOf } from './result-table.tsx';
import type { Selection } from './selection.ts';

interface FiltersProps {
  selection: Selection;
  onChange: (changes: Partial<Selection>) => void;
  outliers: number;
}

/** Search by name, a range of the measure, outliers alone. */
export function Filters({ selection, onChange, outliers }: FiltersProps) {
  const { search, measure, range, outliersOnly } = selection;
  const isFiltered = search !== '' || range.from !== null || range.to !== null || outliersOnly;
  const bound = (which: 'from' | 'to', text: string) => {
    const value = text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
    onChange({ range: { ...range, [which]: value } });
  };
  return (
    <div class="row result-filters" role="group" aria-label="Filter">
      <input
        type="search"
        aria-label="Search by name"
        placeholder="Search by name"
        value={search}
        onInput={({ currentTarget }) => onChange({ search: currentTarget.value })}
      />
      {measure !== null && (
        <>
          <span class="row">
            <span>{headingOf(measure)}</span>
            <Bound label="from" value={range.from} onInput={(text) => bound('from', text)} />
            <Bound label="to" value={range.to} onInput={(text) => bound('to', text)} />
          </span>
          <button
            type="button"
            aria-pressed={outliersOnly}
            disabled={outliers === 0 && !outliersOnly}
            onClick={() => onChange({ outliersOnly: !outliersOnly })}
          >
            Outliers only
          </button>
        </>
      )}
      {isFiltered && (
        <button
          type="button"
          class="quiet"
          onClick={() => onChange({ search: '', range: { from: null, to: null }, outliersOnly: false })}
        >
          Show all
        </button>
      )}
    </div>
  );
}

/** Committed when one is done typing: half a number filters nothing. */
function Bound({ label, value, onInput }: { label: string; value: number | null; onInput: (text: string) => void }) {
  return (
    <input
      type="text"
      inputMode="decimal"
      aria-label={label}
      placeholder={label}
      size={8}
      value={value === null ? '' : String(Math.round(value * 1e6) / 1e6)}
      onChange={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}
