import { headingOf } from './result-table.tsx';

interface MeasureChoiceProps {
  measures: string[];
  measure: string;
  /** Plotted against it; null: how often each value occurs. */
  other: string | null;
  onMeasure: (measure: string) => void;
  onOther: (measure: string | null) => void;
}

export function MeasureChoice({ measures, measure, other, onMeasure, onOther }: MeasureChoiceProps) {
  return (
    <div class="row measure-choice">
      <label>
        Measure{' '}
        <select value={measure} onChange={({ currentTarget }) => onMeasure(currentTarget.value)}>
          {measures.map((name) => (
            <option key={name} value={name}>
              {headingOf(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Plot{' '}
        <select value={other ?? ''} onChange={({ currentTarget }) => onOther(currentTarget.value || null)}>
          <option value="">how often each value occurs</option>
          {measures
            .filter((name) => name !== measure)
            .map((name) => (
              <option key={name} value={name}>
                {headingOf(name)} against it
              </option>
            ))}
        </select>
      </label>
    </div>
  );
}
