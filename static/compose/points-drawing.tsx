/** A rectangle, corners or a ruler: a few points that are always there. */
import type { DrawnHistory } from './drawn-history.ts';
import { Handle, PictureFrame } from './picture-frame.tsx';
import type { Point, PointsTool } from './picture-tools.ts';

interface PointsDrawingProps {
  image: ImageData;
  tool: PointsTool;
  points: readonly Point[];
  onChange: DrawnHistory<readonly Point[]>['change'];
}

export function PointsDrawing({ image, tool, points, onChange }: PointsDrawingProps) {
  const outline =
    tool.kind === 'rectangle'
      ? [points[0], { x: points[1].x, y: points[0].y }, points[1], { x: points[0].x, y: points[1].y }]
      : points;
  // A new rectangle, or ruler, begins where one presses.
  const isNew = tool.kind !== 'corners';
  return (
    <PictureFrame
      image={image}
      onPress={isNew ? (at) => onChange(() => [at, at]) : undefined}
      onDrag={isNew ? (to) => onChange((now) => now.with(1, to), true) : undefined}
      shapes={<polygon class={tool.kind} points={outline.map(({ x, y }) => `${x},${y}`).join(' ')} />}
    >
      {points.map((at, index) => (
        <Handle
          key={tool.handles[index]}
          name={tool.handles[index]}
          at={at}
          size={image}
          onMove={(to, goesOn) => onChange((now) => now.with(index, to), goesOn)}
        />
      ))}
    </PictureFrame>
  );
}
