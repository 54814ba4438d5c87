/** Any number of rectangles. */
import { useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import type { DrawnHistory } from './drawn-history.ts';
import { Handle, PictureFrame } from './picture-frame.tsx';
import type { Area, Point } from './picture-tools.ts';

interface AreasDrawingProps {
  image: ImageData;
  areas: readonly Area[];
  onChange: DrawnHistory<readonly Area[]>['change'];
}

const corners = ['top left', 'bottom right'] as const;

export function AreasDrawing({ image, areas, onChange }: AreasDrawingProps) {
  const { width, height } = image;
  const addButton = useRef<HTMLButtonElement>(null);
  const add = () =>
    onChange((now) => [
      ...now,
      [
        { x: width * 0.4, y: height * 0.4 },
        { x: width * 0.6, y: height * 0.6 },
      ],
    ]);
  const moved = (now: readonly Area[], index: number, corner: number, to: Point) =>
    now.with(index, now[index].with(corner, to) as unknown as Area);
  const onKey = (index: number) => (key: string) => {
    if (key !== 'Delete' && key !== 'Backspace') return false;
    onChange((now) => now.toSpliced(index, 1));
    // The handle that had the focus goes.
    addButton.current?.focus();
    return true;
  };
  return (
    <>
      <PictureFrame
        image={image}
        onPress={(at) => onChange((now) => [...now, [at, at]])}
        onDrag={(to) => onChange((now) => moved(now, now.length - 1, 1, to), true)}
        shapes={areas.map(([a, b], index) => (
          <polygon key={index} points={`${a.x},${a.y} ${b.x},${a.y} ${b.x},${b.y} ${a.x},${b.y}`} />
        ))}
      >
        {areas.flatMap((area, index) =>
          area.map((at, corner) => (
            <Handle
              key={`${index}-${corner}`}
              name={`Rectangle ${index + 1}, ${corners[corner]}`}
              at={at}
              size={image}
              onMove={(to, goesOn) => onChange((now) => moved(now, index, corner, to), goesOn)}
              onKey={onKey(index)}
            />
          )),
        )}
      </PictureFrame>
      <div class="row">
        <button ref={addButton} type="button" onClick={add}>
          <Icon name="add" /> Add a rectangle
        </button>
        {areas.length > 0 && (
          <button type="button" class="quiet" onClick={() => onChange(() => [])}>
            <Icon name="delete" /> Remove all
          </button>
        )}
      </div>
    </>
  );
}
