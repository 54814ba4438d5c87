/** Strokes of a brush, painted by pointer or keys. */
import { useSignal } from '@preact/signals';
import { Icon } from '../ui/icon.tsx';
import type { DrawnHistory } from './drawn-history.ts';
import { Handle, PictureFrame } from './picture-frame.tsx';
import type { BrushTool, Painted, Point, Stroke } from './picture-tools.ts';

interface BrushDrawingProps {
  image: ImageData;
  /** The length of the picture over that of the image. */
  scale: number;
  tool: BrushTool;
  painted: Painted;
  onChange: DrawnHistory<Painted>['change'];
}

export function BrushDrawing({ image, scale, tool, painted, onChange }: BrushDrawingProps) {
  const { width, height } = image;
  const layer = useSignal(tool.layers[0].param);
  /** In pixels of the image; at first about as wide as what one paints over. */
  const radius = useSignal(Math.max(1, Math.round(Math.max(width, height) / scale / 60)));
  const at = useSignal<Point>({ x: width / 2, y: height / 2 });
  /** Whether the keys draw. */
  const isDown = useSignal(false);
  const begin = (place: Point) => {
    at.value = place;
    const stroke = { points: [place], radius: radius.value * scale };
    onChange((now) => ({ ...now, [layer.value]: [...now[layer.value], stroke] }));
  };
  const goOn = (to: Point) => {
    at.value = to;
    onChange((now) => {
      const strokes = now[layer.value];
      const stroke = strokes.at(-1);
      if (!stroke) return now;
      return { ...now, [layer.value]: strokes.with(-1, { ...stroke, points: [...stroke.points, to] }) };
    }, true);
  };
  const largest = Math.max(10, Math.round(Math.max(width, height) / scale / 8));
  return (
    <>
      <PictureFrame
        image={image}
        onPress={(place) => {
          isDown.value = false;
          begin(place);
        }}
        onDrag={goOn}
        onHover={(place) => {
          if (!isDown.value) at.value = place;
        }}
        shapes={
          <>
            {tool.layers.flatMap(({ param }, index) =>
              painted[param].map((stroke, i) => (
                <StrokeShape key={`${param}-${i}`} stroke={stroke} name={`layer-${index}`} />
              )),
            )}
            <circle class="brush-size" cx={at.value.x} cy={at.value.y} r={radius.value * scale} />
          </>
        }
      >
        <Handle
          name={isDown.value ? 'Brush, drawing' : 'Brush'}
          at={at.value}
          size={image}
          byKeys
          onMove={(to) => {
            if (isDown.value) goOn(to);
            else at.value = to;
          }}
          onKey={(key) => {
            if (key !== ' ' && key !== 'Enter') return false;
            if (!isDown.value) begin(at.value);
            isDown.value = !isDown.value;
            return true;
          }}
        />
      </PictureFrame>
      <div class="row">
        {tool.layers.length > 1 && (
          <fieldset class="row layers">
            <legend class="visually-hidden">The brush marks</legend>
            {tool.layers.map(({ param, name }, index) => (
              <label key={param} class={`layer-${index}`}>
                <input
                  type="radio"
                  name="layer"
                  checked={layer.value === param}
                  onChange={() => {
                    layer.value = param;
                    isDown.value = false;
                  }}
                />{' '}
                {name}
              </label>
            ))}
          </fieldset>
        )}
        <label>
          Radius, {radius.value} px{' '}
          <input
            type="range"
            aria-label="Radius of the brush"
            min={1}
            max={largest}
            value={radius.value}
            onInput={({ currentTarget }) => (radius.value = currentTarget.valueAsNumber)}
          />
        </label>
        {Object.values(painted).some((some) => some.length > 0) && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              isDown.value = false;
              onChange(() => Object.fromEntries(tool.layers.map(({ param }) => [param, []])));
            }}
          >
            <Icon name="delete" /> Remove all
          </button>
        )}
      </div>
    </>
  );
}

function StrokeShape({ stroke: { points, radius }, name }: { stroke: Stroke; name: string }) {
  if (points.length === 1) return <circle class={`stroke-dot ${name}`} cx={points[0].x} cy={points[0].y} r={radius} />;
  return (
    <polyline
      class={`stroke ${name}`}
      points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
      stroke-width={2 * radius}
    />
  );
}
