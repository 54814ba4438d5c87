/** Shapes on the picture that stand for parameters: which operations have one, and how places become values. */
import type { ParamSchema } from './param-schema.ts';

/** In pixels of the picture that is drawn on. */
export interface Point {
  x: number;
  y: number;
}

export interface DrawnOn {
  width: number;
  height: number;
  /** Its length over that of the image. */
  scale: number;
}

type Params = Record<string, unknown>;

/** `handles` are the names of the points that can be moved. */
export interface PictureTool {
  kind: 'rectangle' | 'corners' | 'ruler';
  title: string;
  hint: string;
  handles: string[];
  read(params: Params, on: DrawnOn): Point[];
  write(points: Point[], on: DrawnOn): Params;
}

/** In percent of the image's sides, or in its pixels. */
function rectangle(percent: boolean): PictureTool {
  const units = ({ width, height, scale }: DrawnOn) =>
    percent ? { x: width / 100, y: height / 100 } : { x: scale, y: scale };
  const rounded = (value: number) => (percent ? Math.round(value * 10) / 10 : Math.round(value));
  return {
    kind: 'rectangle',
    title: 'Draw the rectangle',
    hint: 'Drag over the picture, or move the corners; the arrow keys move a chosen corner.',
    handles: ['Top left', 'Bottom right'],
    read({ left, top, width, height }, on) {
      const unit = units(on);
      const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);
      const [x, y] = [number(left, percent ? 5 : 0) * unit.x, number(top, percent ? 5 : 0) * unit.y];
      const [across, down] = percent ? [90 * unit.x, 90 * unit.y] : [on.width - x, on.height - y];
      return [
        { x, y },
        {
          x: x + number(width, across / unit.x) * unit.x,
          y: y + number(height, down / unit.y) * unit.y,
        },
      ];
    },
    write([a, b], on) {
      const unit = units(on);
      const [left, top] = [Math.min(a.x, b.x) / unit.x, Math.min(a.y, b.y) / unit.y];
      const [right, bottom] = [Math.max(a.x, b.x) / unit.x, Math.max(a.y, b.y) / unit.y];
      const [x, y] = [rounded(left), rounded(top)];
      const least = percent ? 0.1 : 1;
      // The sum of rounded numbers would reach beyond the edge.
      const size = (from: number, to: number) => Math.max(least, rounded(Math.floor((to - from) * 10) / 10));
      return { left: x, top: y, width: size(x, right), height: size(y, bottom) };
    },
  };
}

const corners: PictureTool = {
  kind: 'corners',
  title: 'Place the corners',
  hint: 'Drag each corner to where it is in the picture; the arrow keys move a chosen one.',
  handles: ['Top left', 'Top right', 'Bottom right', 'Bottom left'],
  read({ corners: given }, { width, height, scale }) {
    if (Array.isArray(given)) return given.map(([x, y]) => ({ x: x * scale, y: y * scale }));
    const [x, y] = [width * 0.1, height * 0.1];
    const [right, bottom] = [width - x, height - y];
    return [
      { x, y },
      { x: right, y },
      { x: right, y: bottom },
      { x, y: bottom },
    ];
  },
  write(points, { scale }) {
    return { corners: points.map(({ x, y }) => [Math.round(x / scale), Math.round(y / scale)]) };
  },
};

/** Its length in pixels of the image is put beside the one that is known. */
const ruler: PictureTool = {
  kind: 'ruler',
  title: 'Calibrate by a ruler',
  hint: 'Drag both ends along something whose length you know, such as a scale bar.',
  handles: ['Beginning', 'End'],
  read(_, { width, height }) {
    return [
      { x: width * 0.25, y: height * 0.5 },
      { x: width * 0.75, y: height * 0.5 },
    ];
  },
  write: () => ({}),
};

/** The size of a pixel, from a length that is known. */
export function pixelSizeFrom([a, b]: Point[], { scale }: DrawnOn, length: number, unit: string): Params {
  const pixels = Math.hypot(a.x - b.x, a.y - b.y) / scale;
  return { pixelSize: { x: Number((length / Math.max(1, pixels)).toPrecision(6)), unit } };
}

export function toolsOf(operation: string, schema: Record<string, unknown>): PictureTool[] {
  const properties = (schema.properties ?? {}) as Record<string, ParamSchema>;
  const own: Record<string, PictureTool> = {
    crop: rectangle(false),
    'grab-cut': rectangle(true),
    perspective: corners,
  };
  return [...(own[operation] ? [own[operation]] : []), ...('pixelSize' in properties ? [ruler] : [])];
}
