/** Shapes that measurements describe: found by the names that all operations use for places. */

export interface Point {
  x: number;
  y: number;
}

export type Shape =
  | { kind: 'box'; x: number; y: number; width: number; height: number }
  | { kind: 'circle'; centre: Point; radius: number }
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

/** `shown` is what they are drawn on: matches of two images are drawn only where both stand side by side. */
export function overlaysIn(measurements: readonly object[], shown?: { width: number; height: number }): Overlay[] {
  const overlays: Overlay[] = [];
  for (const [step, measured] of measurements.entries()) {
    for (const [name, value] of Object.entries(measured)) {
      if (!Array.isArray(value) || !value.every(isRow)) continue;
      // These lie in the second image.
      if (name === 'corners' && 'homography' in measured) continue;
      for (const [index, row] of value.entries()) {
        const shapes = shapesOf(row, shown);
        if (shapes.length === 0 || overlays.length >= maxOverlays) continue;
        overlays.push({ id: `${step}.${name}.${index}`, shapes, label: labelOf(row, index), title: titleOf(row) });
      }
    }
  }
  return overlays;
}

function shapesOf(row: Row, shown: { width: number; height: number } | undefined): Shape[] {
  const shapes: Shape[] = [];
  const box = row.box ?? row.boundingBox;
  if (isRow(box) && typeof box.width === 'number') shapes.push({ kind: 'box', ...(box as object) } as Shape);
  if (isPoint(row.centre) && typeof row.radius === 'number')
    shapes.push({ kind: 'circle', centre: row.centre, radius: row.radius });
  if (Array.isArray(row.corners) && row.corners.every(isPoint)) shapes.push({ kind: 'polygon', points: row.corners });
  if (isPoint(row.from) && isPoint(row.to)) shapes.push({ kind: 'line', from: row.from, to: row.to });
  if (isPoint(row.image) && isPoint(row.reference) && shown) shapes.push({ kind: 'point', at: row.image });
  if (isRow(row.landmarks))
    for (const at of Object.values(row.landmarks)) if (isPoint(at)) shapes.push({ kind: 'point', at });
  if (isPoint(row)) shapes.push({ kind: 'point', at: { x: row.x, y: row.y } });
  return shapes;
}

/** Lines from each point of the image to its match in the second one, which stands at its right. */
export function withMatches(measurements: readonly object[], overlays: Overlay[], imageWidth: number): Overlay[] {
  return overlays.map((overlay) => {
    const [step, name, index] = overlay.id.split('.');
    const row = (measurements[Number(step)] as Record<string, Row[]>)[name][Number(index)];
    if (!isPoint(row.image) || !isPoint(row.reference)) return overlay;
    const to = { x: row.reference.x + imageWidth, y: row.reference.y };
    return { ...overlay, shapes: [{ kind: 'line', from: row.image, to }] };
  });
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
