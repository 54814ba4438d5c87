/** Shapes that measurements describe: found by the names that all operations use for places. */

export interface Point {
  x: number;
  y: number;
}

export type Shape =
  | { kind: 'box'; x: number; y: number; width: number; height: number }
  | { kind: 'circle'; center: Point; radius: number }
  | { kind: 'polygon'; points: Point[] }
  | { kind: 'line'; from: Point; to: Point }
  | { kind: 'point'; at: Point };

/** What one row of a measurement draws. */
export interface Overlay {
  /** The step, the list, and the place in it: also that of the table's row. */
  id: string;
  shapes: Shape[];
  /** Short: a number, a score. */
  label: string;
  /** All that is known of it. */
  title: string;
}

type Row = Record<string, unknown>;

/** More than so many would hide the picture, and make the page slow. */
const maxOverlays = 2000;

export interface Size {
  width: number;
  height: number;
}

export interface Measured {
  measurements: readonly object[];
  steps: readonly { operation: string; params: Record<string, unknown> }[];
  /** Of the image that went in, and of what came out. */
  input: Size | null;
  result: Size | null;
  /** Whether an operation moves pixels: places measured before it are elsewhere after it. */
  moves: (operation: string) => boolean;
}

/** What can be drawn over the result, and in whose pixels its places are; nothing, where the result is another picture. */
export function overlaysOn({ measurements, steps, input, result, moves }: Measured): {
  overlays: Overlay[];
  size: Size | null;
  /** Whether the result itself shows them. */
  inPicture?: true;
} {
  const lastMove = steps.findLastIndex(({ operation }) => moves(operation));
  const valid = measurements.map((measured, step) => (step > lastMove ? measured : {}));
  const last = steps.at(-1);
  if (last?.operation === 'feature-matching' && last.params.output !== 'warped')
    return { overlays: input ? matchesIn(valid, input.width) : [], size: result, inPicture: true };
  if (lastMove >= 0) return { overlays: overlaysIn(valid), size: result };
  return input && result && alike(input, result)
    ? { overlays: overlaysIn(valid), size: input }
    : { overlays: [], size: null };
}

/** Of the same shape: one can be laid over the other. */
export function alike(a: Size, b: Size): boolean {
  return Math.abs(a.width / a.height / (b.width / b.height) - 1) < 0.02;
}

function overlaysIn(measurements: readonly object[]): Overlay[] {
  return rowsIn(measurements, (row, index) => ({
    shapes: shapesOf(row),
    label: labelOf(row, index),
    title: titleOf(row),
  }));
}

/** Lines from each point of the image to its match in the second one, which stands at its right. */
function matchesIn(measurements: readonly object[], imageWidth: number): Overlay[] {
  return rowsIn(measurements, ({ image: from, reference }, index) => {
    if (!isPoint(from) || !isPoint(reference)) return { shapes: [], label: '', title: '' };
    const to = { x: reference.x + imageWidth, y: reference.y };
    return { shapes: [{ kind: 'line', from, to }], label: String(index + 1), title: '' };
  });
}

function rowsIn(measurements: readonly object[], draw: (row: Row, index: number) => Omit<Overlay, 'id'>): Overlay[] {
  const overlays: Overlay[] = [];
  for (const [step, measured] of measurements.entries()) {
    for (const [name, value] of Object.entries(measured)) {
      if (!Array.isArray(value) || !value.every(isRow)) continue;
      // These lie in the second image.
      if (name === 'corners' && 'homography' in measured) continue;
      for (const [index, row] of value.entries()) {
        const drawn = draw(row, index);
        if (drawn.shapes.length > 0 && overlays.length < maxOverlays)
          overlays.push({ id: `${step}.${name}.${index}`, ...drawn });
      }
    }
  }
  return overlays;
}

function shapesOf(row: Row): Shape[] {
  const shapes: Shape[] = [];
  const { box } = row;
  if (isRow(box) && typeof box.width === 'number') shapes.push({ kind: 'box', ...(box as object) } as Shape);
  if (isPoint(row.center) && typeof row.radius === 'number')
    shapes.push({ kind: 'circle', center: row.center, radius: row.radius });
  if (Array.isArray(row.corners) && row.corners.every(isPoint)) shapes.push({ kind: 'polygon', points: row.corners });
  if (isPoint(row.from) && isPoint(row.to)) shapes.push({ kind: 'line', from: row.from, to: row.to });
  if (isPoint(row.image) && isPoint(row.reference)) shapes.push({ kind: 'point', at: row.image });
  if (isRow(row.landmarks))
    for (const at of Object.values(row.landmarks)) if (isPoint(at)) shapes.push({ kind: 'point', at });
  if (isPoint(row)) shapes.push({ kind: 'point', at: { x: row.x, y: row.y } });
  return shapes;
}

function labelOf(row: Row, index: number): string {
  if (typeof row.score === 'number' && row.score <= 1) return `${Math.round(row.score * 100)} %`;
  if (typeof row.text === 'string') return row.text.slice(0, 40);
  if (typeof row.label === 'number') return String(row.label);
  if (typeof row.id === 'number') return String(row.id);
  return String(index + 1);
}

function titleOf(row: Row): string {
  return Object.entries(row)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? Math.round(value * 100) / 100 : value}`)
    .join('\n');
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPoint(value: unknown): value is Point {
  return isRow(value) && typeof value.x === 'number' && typeof value.y === 'number' && !('width' in value);
}
