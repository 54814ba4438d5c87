import { z } from 'zod';
import { canvasOf, toGray } from '../vision/channels.ts';
import { count, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { drawPolygon } from '../vision/drawing.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { quadAt } from '../vision/quad.ts';
import { Scope } from '../vision/scope.ts';

/** EAN-8, EAN-13, UPC-A and UPC-E (OpenCV `barcode::BarcodeDetector`). Use it to read product codes. */
export const barcode = defineOperation({
  name: 'barcode',
  title: 'Barcodes',
  group: 'detection',
  summary: 'Finds and reads product barcodes: EAN-8, EAN-13, UPC-A, UPC-E.',
  source: 'ISO/IEC 15420; OpenCV barcode::BarcodeDetector',
  params: z.strictObject({}),
  measures: z.looseObject({
    count: count('codes'),
    codes: z.array(
      z.object({ type: z.string().nullable().describe('symbology'), text: z.string(), corners: z.array(point) }),
    ),
  }),
  run({ image, scope }) {
    const codes = readAtAnyScale(toGray(image, scope));
    const canvas = canvasOf(image, scope);
    for (const { corners } of codes) drawPolygon(canvas, corners, [60, 220, 90]);
    return { image: canvas, measurements: { count: codes.length, codes } };
  },
});

/** The detector sees bars of about two pixels best, and misses wider ones: smaller images are tried until a code is read. */
const scales = [1, 2 / 3, 1 / 2, 1 / 3, 1 / 4, 1 / 8];

function readAtAnyScale(gray: Mat): ReturnType<typeof read> {
  let seen: ReturnType<typeof read> = [];
  for (const scale of scales) {
    using scope = new Scope();
    const scaled = scope.mat();
    const [width, height] = [Math.round(gray.cols * scale), Math.round(gray.rows * scale)];
    if (Math.min(width, height) < 1) break;
    cv.resize(gray, scaled, new cv.Size(width, height), 0, 0, cv.INTER_AREA);
    const codes = read(scaled, scale, scope);
    if (codes.some(({ text }) => text !== null)) return codes;
    if (seen.length === 0) seen = codes;
  }
  return seen;
}

function read(gray: Mat, scale: number, scope: Scope) {
  const detector = scope.own(new cv.barcode_BarcodeDetector());
  const [texts, types] = [scope.own(new cv.StringVector()), scope.own(new cv.StringVector())];
  const points = scope.mat();
  detector.detectAndDecodeWithType(gray, texts, types, points);
  return Array.from({ length: texts.size() }, (_, i) => ({
    text: texts.get(i) || null,
    type: types.get(i) || null,
    corners: quadAt(points, i).map(({ x, y }) => ({ x: x / scale, y: y / scale })),
  }));
}
