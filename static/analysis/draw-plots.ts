/** Plots on uPlot. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Bins } from './statistics.ts';

interface Colors {
  text: string;
  line: string;
  accent: string;
  bad: string;
}

function colorsOf(element: HTMLElement): Colors {
  // `light-dark()` in a custom property is resolved where it is used.
  const probe = document.createElement('span');
  element.append(probe);
  const color = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = { text: color('soft'), line: color('line'), accent: color('accent'), bad: color('bad') };
  probe.remove();
  return colors;
}

function axes({ text, line }: Colors, x: string, y: string): uPlot.Axis[] {
  const shared = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
  return [
    { ...shared, label: x, labelSize: 22 },
    { ...shared, label: y, labelSize: 22, size: 60 },
  ];
}

/** Puts the plot in the element as wide as that is, and keeps it so. */
function place(
  element: HTMLElement,
  options: Omit<uPlot.Options, 'width'>,
  data: uPlot.AlignedData,
): [uPlot, () => void] {
  const plot = new uPlot({ ...options, width: Math.max(200, element.clientWidth) }, data, element);
  const resize = new ResizeObserver(() => {
    const width = Math.max(200, element.clientWidth);
    if (width !== plot.width) plot.setSize({ width, height: options.height });
  });
  resize.observe(element);
  const remove = () => {
    resize.disconnect();
    plot.destroy();
  };
  return [plot, remove];
}

/** Nothing is dragged; otherwise uPlot takes some clicks for the end of a drag, and keeps them. */
const drag: uPlot.Cursor.Drag = { x: false, y: false, click: () => {} };

interface HistogramOptions {
  bins: Bins;
  fences: [number, number];
  height: number;
  title: string;
}

/** Gives what removes it. */
export function drawHistogram(
  element: HTMLElement,
  { bins, fences, height, title }: HistogramOptions,
  onBin: (bin: number) => void,
): () => void {
  const colors = colorsOf(element);
  const { starts, width, counts } = bins;
  const middles = starts.map((start) => start + width / 2);
  const out = (bin: number) => starts[bin] + width <= fences[0] || starts[bin] > fences[1];
  const pick = (wanted: boolean) => counts.map((count, bin) => (out(bin) === wanted ? count : null));
  const bars = uPlot.paths.bars?.({ size: [0.92, 100], align: 0 });
  const series = (fill: string, label: string): uPlot.Series => ({
    label,
    fill,
    stroke: fill,
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  });
  const [plot, remove] = place(
    element,
    {
      height,
      scales: {
        x: { time: false, range: [starts[0] - width / 4, starts[0] + width * (starts.length + 0.25)] },
        y: { range: (_, __, max) => [0, Math.max(1, max) * 1.05] },
      },
      legend: { show: false },
      cursor: { y: false, drag, points: { show: false } },
      axes: axes(colors, title, 'images'),
      series: [{}, series(colors.accent, 'images'), series(colors.bad, 'outliers')],
    },
    [middles, pick(false), pick(true)],
  );
  plot.over.addEventListener('click', ({ offsetX }) => {
    const bin = Math.floor((plot.posToVal(offsetX, 'x') - starts[0]) / width);
    if (bin >= 0 && bin < counts.length && counts[bin] > 0) onBin(bin);
  });
  return remove;
}

export interface Point {
  x: number;
  y: number;
  outlier: boolean;
}

interface ScatterOptions<P extends Point> {
  points: P[];
  height: number;
  x: string;
  y: string;
}

/** As near a click must be, in CSS pixels. */
const reachPx = 12;

/** Gives what removes it. */
export function drawScatter<P extends Point>(
  element: HTMLElement,
  { points, height, x, y }: ScatterOptions<P>,
  onPoint: (point: P) => void,
): () => void {
  const colors = colorsOf(element);
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const pick = (outlier: boolean) => sorted.map((point) => (point.outlier === outlier ? point.y : null));
  const series = (color: string): uPlot.Series => ({
    paths: () => null,
    stroke: color,
    points: { show: true, size: 7, fill: color, stroke: color, space: 0 },
  });
  const [plot, remove] = place(
    element,
    {
      height,
      scales: { x: { time: false } },
      legend: { show: false },
      cursor: { drag, points: { show: false } },
      axes: axes(colors, x, y),
      series: [{}, series(colors.accent), series(colors.bad)],
    },
    [sorted.map((point) => point.x), pick(false), pick(true)],
  );
  const nearest = ({ offsetX, offsetY }: MouseEvent): P | null => {
    let best: P | null = null;
    let reach = reachPx;
    for (const point of sorted) {
      const away = Math.hypot(plot.valToPos(point.x, 'x') - offsetX, plot.valToPos(point.y, 'y') - offsetY);
      if (away > reach) continue;
      [best, reach] = [point, away];
    }
    return best;
  };
  plot.over.addEventListener('click', (event) => {
    const point = nearest(event);
    if (point) onPoint(point);
  });
  plot.over.addEventListener('mousemove', (event) => {
    plot.over.style.cursor = nearest(event) ? 'pointer' : 'crosshair';
  });
  return remove;
}
