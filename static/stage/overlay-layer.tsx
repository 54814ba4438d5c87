/** Measurements drawn over the picture: outlines that light up when pointed at, with what is known of them. */
import type { Signal } from '@preact/signals';
import type { Overlay, Shape } from './overlays.ts';

interface OverlayLayerProps {
  overlays: Overlay[];
  size: { width: number; height: number };
  /** Pixels of the screen to one of `size`. */
  zoom: number;
  pointed: Signal<string | null>;
  /** Those that are not counted. */
  leftOut: ReadonlySet<string>;
}

/** Beyond so many, labels would cover the picture. */
const maxLabels = 60;
/** Of what is smaller on the screen, the label stands above it; of what is smaller still, there is none. */
const smallPx = 48;
const leastLabeledPx = 14;

export function OverlayLayer({ overlays, size, zoom, pointed, leftOut }: OverlayLayerProps) {
  // Lines, text and points keep their size on the screen.
  const unit = 1 / zoom;
  return (
    <svg
      viewBox={`0 0 ${size.width} ${size.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      style={{ '--unit': `${unit}px` }}
    >
      {overlays.map((overlay) => (
        <g
          key={overlay.id}
          data-id={overlay.id}
          class={`overlay${pointed.value === overlay.id ? ' pointed' : ''}${leftOut.has(overlay.id) ? ' left-out' : ''}`}
          onPointerEnter={() => (pointed.value = overlay.id)}
          onPointerLeave={() => (pointed.value = null)}
        >
          <title>{`${overlay.label}\n${overlay.title}`}</title>
          {overlay.shapes.map((shape, index) =>
            // Marks would hide what they mark.
            shape.kind === 'point' && extentOf(overlay, zoom) < smallPx ? null : (
              <Outline key={index} shape={shape} unit={unit} />
            ),
          )}
          {(pointed.value === overlay.id ||
            (overlays.length <= maxLabels && extentOf(overlay, zoom) >= leastLabeledPx)) && (
            <Label overlay={overlay} unit={unit} above={extentOf(overlay, zoom) < smallPx} />
          )}
        </g>
      ))}
    </svg>
  );
}

function Outline({ shape, unit }: { shape: Shape; unit: number }) {
  switch (shape.kind) {
    case 'box':
      return <rect x={shape.x} y={shape.y} width={shape.width} height={shape.height} />;
    case 'circle':
      return <circle cx={shape.center.x} cy={shape.center.y} r={shape.radius} />;
    case 'polygon':
      return <polygon points={shape.points.map(({ x, y }) => `${x},${y}`).join(' ')} />;
    case 'line':
      return <line x1={shape.from.x} y1={shape.from.y} x2={shape.to.x} y2={shape.to.y} />;
    case 'point':
      return <circle class="point" cx={shape.at.x} cy={shape.at.y} r={4 * unit} />;
  }
}

/** How wide it is on the screen; what has no width is never small. */
function extentOf({ shapes: [first] }: Overlay, zoom: number): number {
  if (first.kind === 'box') return first.width * zoom;
  if (first.kind === 'circle') return first.radius * 2 * zoom;
  if (first.kind !== 'polygon') return Number.POSITIVE_INFINITY;
  const across = first.points.map(({ x }) => x);
  return (Math.max(...across) - Math.min(...across)) * zoom;
}

function Label({ overlay: { shapes, label }, unit, above }: { overlay: Overlay; unit: number; above: boolean }) {
  const [first] = shapes;
  if (first.kind === 'line' || first.kind === 'point') return null;
  const at =
    first.kind === 'box'
      ? first
      : first.kind === 'circle'
        ? first.center
        : first.points.reduce((a, b) => (b.y < a.y ? b : a));
  return (
    <text
      x={at.x + (above ? 0 : 4 * unit)}
      y={at.y + (above ? -4 : 15) * unit}
      font-size={13 * unit}
      stroke-width={3 * unit}
    >
      {label}
    </text>
  );
}
