import { usualChromaSubsampling, usualQuality } from '../../lib/imaging/usual-output.ts';
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

const isLossy = (format = ''): format is keyof typeof usualQuality => format in usualQuality;
const isSubsampled = (format = ''): format is keyof typeof usualChromaSubsampling => format in usualChromaSubsampling;

const subsamplings = {
  '4:2:0': 'half the resolution (4:2:0)',
  '4:4:4': 'full resolution (4:4:4)',
};

/** How results are written. */
export function OutputPanel() {
  const { format, quality, chromaSubsampling, metadata, width } = output.value;
  const set = (changes: object) => {
    const merged = Object.entries({ ...output.value, ...changes });
    output.value = Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  };
  const whole = (value: number | undefined, min: number, max: number) =>
    value === undefined ? undefined : Math.min(max, Math.max(min, Math.round(value)));
  return (
    <details class="output" open={Object.keys(output.value).length > 0}>
      <summary>
        Output <small>{outputInWords(output.value)}</small>
      </summary>
      <div class="labeled">
        <label for="output-format">Format</label>
        <select
          id="output-format"
          value={format ?? ''}
          onChange={({ currentTarget: { value } }) =>
            set({
              format: value || undefined,
              quality: isLossy(value) ? quality : undefined,
              chromaSubsampling: isSubsampled(value) ? chromaSubsampling : undefined,
            })
          }
        >
          {formats.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </div>
      {isLossy(format) && (
        <div class="labeled">
          <label for="output-quality">Quality</label>
          <span class="number-field">
            <NumberInput
              id="output-quality"
              min={1}
              max={100}
              placeholder={String(usualQuality[format])}
              value={quality}
              onValue={(value) => set({ quality: whole(value, 1, 100) })}
            />
            <span class="unit">%</span>
          </span>
        </div>
      )}
      {isSubsampled(format) && (
        <div class="labeled">
          <label for="output-chroma">Color</label>
          <select
            id="output-chroma"
            value={chromaSubsampling ?? usualChromaSubsampling[format]}
            onChange={({ currentTarget: { value } }) =>
              set({ chromaSubsampling: value === usualChromaSubsampling[format] ? undefined : value })
            }
          >
            {Object.entries(subsamplings).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </div>
      )}
      <label class="switch" for="output-metadata">
        <input
          id="output-metadata"
          type="checkbox"
          checked={metadata !== 'none'}
          onChange={({ currentTarget: { checked } }) => set({ metadata: checked ? undefined : 'none' })}
        />
        <span>Keep resolution, copyright and artist</span>
      </label>
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

function outputInWords({ format, quality, chromaSubsampling, metadata, width }: Output): string {
  const title = formats.find(({ value }) => value === (format ?? ''))?.text ?? '';
  return [
    title,
    ...(quality === undefined ? [] : [`${quality} %`]),
    ...(chromaSubsampling === undefined ? [] : [chromaSubsampling]),
    ...(metadata === 'none' ? ['no metadata'] : []),
    ...(width === undefined ? [] : [`at most ${width} px wide`]),
  ].join(', ');
}
