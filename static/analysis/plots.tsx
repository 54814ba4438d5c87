/** A histogram of one measure, or two measures against each other; outliers stand out, a click opens. */
import { useEffect, useRef } from 'preact/hooks';
import { themeSeen } from '../ui/theme.ts';
import { numberInWords } from '../ui/words.ts';
import { headingOf } from './result-table.tsx';
import { numberIn, type Row } from './rows.ts';
import { type Bins, binsOf, isOutlier, type Statistics } from './statistics.ts';

/** Loaded with the first plot. */
const loadDrawing = () => import('./draw-plots.ts');

const height = 260;

interface HistogramProps {
  rows: readonly Row[];
  measure: string;
  statistics: Statistics;
  /** A bar was chosen. */
  onRange: (from: number, to: number) => void;
}

export function Histogram({ rows, measure, statistics, onRange }: HistogramProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = themeSeen.value;
  useEffect(() => {
    const values = rows.flatMap((row) => numberIn(row, measure) ?? []);
    const bins = binsOf(values, statistics);
    const choose = (bin: number) => onRange(bins.starts[bin], endOf(bins, bin));
    return draw(place.current, ({ drawHistogram }, element) =>
      drawHistogram(element, { bins, fences: statistics.fences, height, title: headingOf(measure) }, choose),
    );
  }, [rows, measure, theme]);
  return (
    <div
      class="plot"
      ref={place}
      role="img"
      aria-label={`Histogram of ${headingOf(measure)}. ${described(statistics)}`}
    />
  );
}

/** The last bin has the greatest value in it. */
function endOf({ starts, width }: Bins, bin: number): number {
  return bin === starts.length - 1 ? Number.POSITIVE_INFINITY : starts[bin] + width - width * 1e-9;
}

interface ScatterProps {
  rows: readonly Row[];
  x: string;
  y: string;
  statistics: Statistics;
  onOpen: (row: Row) => void;
}

export function Scatter({ rows, x, y, statistics, onOpen }: ScatterProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = themeSeen.value;
  useEffect(() => {
    const points = rows.flatMap((row) => {
      const [across, up] = [numberIn(row, x), numberIn(row, y)];
      return across === null || up === null ? [] : [{ row, x: across, y: up, outlier: isOutlier(across, statistics) }];
    });
    return draw(place.current, ({ drawScatter }, element) =>
      drawScatter(element, { points, height, x: headingOf(x), y: headingOf(y) }, ({ row }) => onOpen(row)),
    );
  }, [rows, x, y, theme]);
  return (
    <div
      class="plot"
      ref={place}
      role="img"
      aria-label={`${headingOf(y)} against ${headingOf(x)}. ${described(statistics)}`}
    />
  );
}

function described({ count, min, median, max }: Statistics): string {
  return `${count} values from ${numberInWords(min)} to ${numberInWords(max)}, median ${numberInWords(median)}.`;
}

type Drawing = Awaited<ReturnType<typeof loadDrawing>>;

/** Draws once the library is there; gives what removes the plot. */
function draw(element: HTMLElement | null, make: (drawing: Drawing, element: HTMLElement) => () => void): () => void {
  let remove = () => {};
  let outdated = false;
  loadDrawing().then(
    (drawing) => {
      if (!outdated && element) remove = make(drawing, element);
    },
    () => {
      if (!outdated && element) element.textContent = 'The plot could not be loaded. Reload the page to try again.';
    },
  );
  return () => {
    outdated = true;
    remove();
  };
}
