/** Tools on the picture that stand for parameters: which operations have which, and how places become values. */
import type { ParamSchema } from './param-schema.ts';

/** In pixels of the picture that is drawn on. */
export interface Point {
  x: number;
  y: number;
}

/** Two opposite corners. */
export type Area = readonly [Point, Point];

/** What a brush has painted; `radius` is in pixels of the picture, too. */
export interface Stroke {
  points: Point[];
  radius: number;
}

export interface DrawnOn {
  width: number;
  height: number;
  /** Its length over that of the image. */
  scale: number;
}

export type Params = Record<string, unknown>;

interface Tool<Value> {
  title: string;
  hint: string;
  read(params: Params, on: DrawnOn): Value;
  write(value: Value, on: DrawnOn): Params;
}

/** `handles` are the names of the points that can be moved. */
export interface PointsTool extends Tool<readonly Point[]> {
  kind: 'rectangle' | 'corners' | 'ruler';
  handles: string[];
}

/** Any number of rectangles. */
export interface AreasTool extends Tool<readonly Area[]> {
  kind: 'areas';
}

/** Strokes, by the parameter that they belong to. */
export type Painted = Readonly<Record<string, readonly Stroke[]>>;

export interface BrushTool extends Tool<Painted> {
  kind: 'brush';
  /** The parameters that it paints, and what they are called. */
  layers: { param: string; name: string }[];
}

export interface Window {
  center: number;
  width: number;
}

/** The part of the brightness range that is shown; what is not set is as the image has it. */
export interface WindowTool extends Tool<Partial<Window>> {
  kind: 'window';
}

export type PictureTool = PointsTool | AreasTool | BrushTool | WindowTool;

/** In percent of the image's sides, or in its pixels. */
function rectangle(percent: boolean): PointsTool {
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

const corners: PointsTool = {
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
const ruler: PointsTool = {
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
export function pixelSizeFrom([a, b]: readonly Point[], { scale }: DrawnOn, length: number, unit: string): Params {
  const pixels = Math.hypot(a.x - b.x, a.y - b.y) / scale;
  return { pixelSize: { x: Number((length / Math.max(1, pixels)).toPrecision(6)), unit } };
}

interface AreaParam {
  left: number;
  top: number;
  width: number;
  height: number;
}

function areas(param: string): AreasTool {
  return {
    kind: 'areas',
    title: 'Draw rectangles',
    hint: 'Drag over each part of the picture. Move the corners, also by the arrow keys, or press Delete there.',
    read({ [param]: given = [] }, { scale }) {
      return (given as AreaParam[]).map(({ left, top, width, height }) => [
        { x: left * scale, y: top * scale },
        { x: (left + width) * scale, y: (top + height) * scale },
      ]);
    },
    write(drawn, { scale }) {
      const list = drawn.map(([a, b]): AreaParam => {
        // Rounded outward: what was drawn over is covered.
        const [left, top] = [Math.min(a.x, b.x), Math.min(a.y, b.y)].map((at) => Math.floor(at / scale + 0.01));
        const [right, bottom] = [Math.max(a.x, b.x), Math.max(a.y, b.y)].map((at) => Math.ceil(at / scale - 0.01));
        return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
      });
      return { [param]: list.length > 0 ? list : undefined };
    },
  };
}

interface StrokeParam {
  points: [number, number][];
  radius?: number;
}

/** What the API takes for a radius that is left out. */
const usualRadius = 5;

function brush(title: string, hint: string, layers: BrushTool['layers']): BrushTool {
  const keys = 'Arrow keys move the brush, the space bar begins and ends a stroke.';
  return {
    kind: 'brush',
    title,
    hint: `${hint} ${keys}`,
    layers,
    read(params, { scale }) {
      const read = ({ points, radius = usualRadius }: StrokeParam): Stroke => ({
        points: points.map(([x, y]) => ({ x: x * scale, y: y * scale })),
        radius: radius * scale,
      });
      return Object.fromEntries(layers.map(({ param }) => [param, ((params[param] ?? []) as StrokeParam[]).map(read)]));
    },
    write(painted, { scale }) {
      const write = ({ points, radius }: Stroke): StrokeParam => ({
        points: simplified(points)
          .map(({ x, y }): [number, number] => [Math.round(x / scale), Math.round(y / scale)])
          .filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]),
        radius: Math.max(0.5, Math.round((radius / scale) * 2) / 2),
      });
      return Object.fromEntries(layers.map(({ param }) => [param, painted[param].map(write)]));
    },
  };
}

/** So far a simplified stroke may lie beside the one that was drawn, in pixels of the picture. */
const maxDeviation = 0.6;

/** The fewest of the points that make nearly the same line (U. Ramer, 1972; D. Douglas & T. Peucker, 1973). */
export function simplified(points: readonly Point[]): Point[] {
  if (points.length < 3) return [...points];
  const [first, last] = [points[0], points[points.length - 1]];
  const length = Math.hypot(last.x - first.x, last.y - first.y);
  let [farthest, far] = [0, 0];
  for (const [index, { x, y }] of points.entries()) {
    const away =
      length === 0
        ? Math.hypot(x - first.x, y - first.y)
        : Math.abs((last.x - first.x) * (first.y - y) - (first.x - x) * (last.y - first.y)) / length;
    if (away > far) [farthest, far] = [index, away];
  }
  if (far <= maxDeviation) return [first, last];
  return [...simplified(points.slice(0, farthest + 1)).slice(0, -1), ...simplified(points.slice(farthest))];
}

const windowTool: WindowTool = {
  kind: 'window',
  title: 'Set the window on the picture',
  hint: 'Drag across to change the width, up or down to change the level; or use the arrow keys.',
  read({ center, width }) {
    return { ...(typeof center === 'number' && { center }), ...(typeof width === 'number' && { width }) };
  },
  write: (window) => ({ ...window }),
};

const own: Record<string, PictureTool[]> = {
  'window-level': [windowTool],
  crop: [rectangle(false)],
  'grab-cut': [
    rectangle(true),
    brush('Mark object and background', 'Click or paint on what belongs to the object, and on what does not.', [
      { param: 'foreground', name: 'Object' },
      { param: 'background', name: 'Background' },
    ]),
  ],
  inpaint: [brush('Paint the mask', 'Paint over what is to be filled in.', [{ param: 'mask', name: 'Mask' }])],
  redact: [areas('areas')],
  perspective: [corners],
};

export function toolsOf(operation: string, schema: Record<string, unknown>): PictureTool[] {
  const properties = (schema.properties ?? {}) as Record<string, ParamSchema>;
  return [...(own[operation] ?? []), ...('pixelSize' in properties ? [ruler] : [])];
}
