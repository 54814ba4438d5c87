import { z } from 'zod';
import { problem } from '../problems.ts';
import { canvasOf } from '../vision/channels.ts';
import { box as boxSchema } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { color, percent, rgbOf } from '../vision/declaration/params.ts';
import { layOut, unknownCharacter } from '../vision/fonts.ts';
import type { FontFile } from '../vision/models.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { overlay } from '../vision/overlay.ts';
import { placed, positionParam } from '../vision/placement.ts';
import { Scope } from '../vision/scope.ts';

const fontFiles = { regular: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf' } satisfies Record<string, FontFile>;
/** Glyphs are drawn so much larger, and reduced, so that their edges are smooth. */
const oversampling = 4;

/** Text on the image, in DejaVu Sans. Use it for credits, captions and dates. */
export const text = defineOperation({
  name: 'text',
  title: 'Text',
  group: 'overlay',
  summary: 'Writes text on the picture: credits, captions, dates.',
  source: 'DejaVu Sans; outlines by opentype.js, filled by OpenCV fillPoly',
  models: ({ weight }) => [fontFiles[weight]],
  params: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(500)
      .default('© Tessera')
      .describe('Latin, Greek and Cyrillic letters, digits and signs; lines by line breaks'),
    position: positionParam.default('bottom-right').describe('where it stands'),
    size: percent(0.5, 50).default(4).describe('font size, relative to the shorter side of the image'),
    margin: percent(0, 50).default(3).describe('space to the edges, relative to the shorter side'),
    weight: z.enum(['regular', 'bold']).default('regular').describe('of the strokes'),
    color: color().default('#ffffff').describe('of the text, #rrggbb'),
    opacity: percent(0, 100).default(80).describe('100 hides what is behind the text'),
    outline: percent(0, 20)
      .default(6)
      .describe(
        'width of a dark or bright line around the letters, relative to the font size, so that they show on any background',
      ),
  }),
  measures: z.looseObject({ box: boxSchema }),
  run({ image, scope }, { text, position, size, margin, weight, color, opacity, outline }) {
    const file = fontFiles[weight];
    // Accents become part of their letters, for which there are glyphs.
    const content = text.normalize('NFC').replaceAll('\r\n', '\n');
    const unknown = unknownCharacter(file, content.replaceAll('\n', ''));
    if (unknown !== undefined)
      throw problem('operation-failed', `The text has "${unknown}", which the font cannot show.`);
    const side = Math.min(image.cols, image.rows);
    const width = (outline / 100) * (size / 100) * side;
    const { mask, around } = draw(file, content, (size / 100) * side, width, image, scope);
    const canvas = canvasOf(image, scope);
    const at = placed(position, { width: mask.cols, height: mask.rows }, image, (margin / 100) * side);
    const rgb = rgbOf(color);
    const isBright = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] > 127;
    if (around) overlay(canvas, isBright ? [0, 0, 0] : [255, 255, 255], around, at, opacity / 100);
    overlay(canvas, rgb, mask, at, opacity / 100);
    const box = { ...at, width: mask.cols, height: mask.rows };
    return { image: canvas, measurements: { box } };
  },
});

/** Masks of the glyphs and of the line around them. */
function draw(file: FontFile, text: string, size: number, outline: number, { cols, rows }: Mat, scope: Scope) {
  const layout = layOut(file, text, size);
  const pad = Math.ceil(outline) + 1;
  const [width, height] = [Math.ceil(layout.width) + 2 * pad, Math.ceil(layout.height) + 2 * pad];
  if (width > 4 * cols || height > 4 * rows)
    throw problem(
      'operation-failed',
      `The text would be ${width} × ${height} pixels, in an image of ${cols} × ${rows}. Make it smaller or break it into lines.`,
    );
  using own = new Scope();
  const scale = Math.max(1, Math.min(oversampling, Math.floor(4096 / Math.max(width, height))));
  const large = own.own(cv.Mat.zeros(height * scale, width * scale, cv.CV_8UC1));
  for (const glyph of layout.glyphs) fill(large, glyph, scale, pad);
  const reduced = (source: Mat) => {
    const mask = scope.mat();
    cv.resize(source, mask, new cv.Size(width, height), 0, 0, cv.INTER_AREA);
    return mask;
  };
  const mask = reduced(large);
  if (outline * scale < 1) return { mask, around: undefined };
  const side = 2 * Math.round(outline * scale) + 1;
  const disc = own.own(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(side, side)));
  cv.dilate(large, large, disc);
  return { mask, around: reduced(large) };
}

/** By the even-odd rule, so that holes stay open. */
function fill(mask: Mat, contours: ReturnType<typeof layOut>['glyphs'][number], scale: number, pad: number): void {
  using scope = new Scope();
  const polygons = scope.own(new cv.MatVector());
  for (const contour of contours) {
    if (contour.length < 3) continue;
    const flat = contour.flatMap(({ x, y }) => [Math.round((x + pad) * scale), Math.round((y + pad) * scale)]);
    polygons.push_back(scope.own(cv.matFromArray(contour.length, 1, cv.CV_32SC2, flat)));
  }
  if (polygons.size() > 0) cv.fillPoly(mask, polygons, new cv.Scalar(255));
}
