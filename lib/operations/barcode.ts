import { z } from 'zod';
import { canvasOf, toGray } from './channels.ts';
import { quadAt } from './codes.ts';
import { cv } from './cv.ts';
import { drawPolygon } from './drawing.ts';
import { defineOperation } from './operation.ts';

/** EAN-8, EAN-13, UPC-A and UPC-E (OpenCV `barcode::BarcodeDetector`). Use it to read product codes. */
export const barcode = defineOperation({
  name: 'barcode',
  title: 'Barcodes',
  group: 'detection',
  summary: 'Finds and reads product barcodes: EAN-8, EAN-13, UPC-A, UPC-E.',
  source: 'ISO/IEC 15420; OpenCV barcode::BarcodeDetector',
  params: z.strictObject({}),
  run({ image, scope }) {
    const detector = scope.own(new cv.barcode_BarcodeDetector());
    const [texts, types] = [scope.own(new cv.StringVector()), scope.own(new cv.StringVector())];
    const points = scope.mat();
    detector.detectAndDecodeWithType(toGray(image, scope), texts, types, points);
    const codes = Array.from({ length: texts.size() }, (_, i) => ({
      text: texts.get(i) || null,
      type: types.get(i) || null,
      corners: quadAt(points, i),
    }));
    const canvas = canvasOf(image, scope);
    for (const { corners } of codes) drawPolygon(canvas, corners, [60, 220, 90]);
    return { image: canvas, measurements: { count: codes.length, codes } };
  },
});
