/** What the preview measures, and what the whole image will give where that is something else. */
import { type Figure, fewFigures } from '../job/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { type FullFigures, otherCounts } from './full-figures.ts';

export function PreviewFigures({ figures, whole }: { figures: readonly Figure[]; whole: FullFigures }) {
  if (figures.length === 0) return null;
  return (
    <div class="preview-figures" role="status" aria-label="Measured in the preview">
      <strong>
        {figures
          .slice(0, fewFigures)
          .map(({ text }) => text)
          .join(' · ')}
      </strong>
      <Whole figures={figures} whole={whole} />
    </div>
  );
}

function Whole({ figures, whole }: { figures: readonly Figure[]; whole: FullFigures }) {
  if (whole === null) return null;
  if (whole === 'running') return <span class="hint">Counting in the whole image…</span>;
  if (whole === 'too-large') return <span class="hint">The whole image may give other counts.</span>;
  const others = otherCounts(figures, whole);
  if (!others) return <span class="hint">The same in the whole image.</span>;
  return (
    <span class="warning">
      <Icon name="warning" /> In the whole image: {others.map(({ text }) => text).join(', ')}
    </span>
  );
}
