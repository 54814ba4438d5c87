import { NumberInput } from './number-input.tsx';
import { type Output, output } from './state.ts';

const formats = [
  { value: '', text: 'automatic' },
  { value: 'png', text: 'PNG' },
  { value: 'jpeg', text: 'JPEG' },
  { value: 'webp', text: 'WebP' },
  { value: 'avif', text: 'AVIF' },
  { value: 'tiff', text: 'TIFF' },
];

/** Formats whose quality can be chosen. */
const lossy = ['jpeg', 'webp', 'avif'];

/** How results are written. */
export function OutputPanel() {
  const { format, quality, width } = output.value;
  const set = (changes: object) => {
    const merged = Object.entries({ ...output.value, ...changes });
    output.value = Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  };
  const whole = (value: number | undefined, min: number, max: number) =>
    value === undefined ? undefined : Math.min(max, Math.max(min, Math.round(value)));
  return (
    <details class="output" open={format !== undefined || width !== undefined}>
      <summary>
        Output <small>{outputInWords(output.value)}</small>
      </summary>
      <div class="labeled">
        <label for="output-format">Format</label>
        <select
          id="output-format"
          value={format ?? ''}
          onChange={({ currentTarget: { value } }) =>
            set({ format: value || undefined, quality: lossy.includes(value) ? quality : undefined })
          }
        >
          {formats.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {format !== undefined && lossy.includes(format) && (
        <div class="labeled">
          <label for="output-quality">Quality</label>
          <span class="number-field">
            <NumberInput
              id="output-quality"
              min={1}
              max={100}
              placeholder="80"
              value={quality}
              onValue={(value) => set({ quality: whole(value, 1, 100) })}
            />
            <span class="unit">%</span>
          </span>
        </div>
      )}
      <div class="labeled">
        <label for="output-width">Width, at most</label>
        <span class="number-field">
          <NumberInput
            id="output-width"
            min={1}
            max={20_000}
            placeholder="any"
            value={width}
            onValue={(value) => set({ width: whole(value, 1, 20_000) })}
          />
          <span class="unit">px</span>
        </span>
      </div>
    </details>
  );
}

function outputInWords({ format, quality, width }: Output): string {
  const title = formats.find(({ value }) => value === (format ?? ''))?.text ?? '';
  return [
    title,
    ...(quality === undefined ? [] : [`${quality} %`]),
    ...(width === undefined ? [] : [`at most ${width} px wide`]),
  ].join(', ');
}
