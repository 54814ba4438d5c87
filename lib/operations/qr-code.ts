import { z } from 'zod';
import { canvasOf, toGray } from '../vision/channels.ts';
import { count, point } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { drawPolygon } from '../vision/drawing.ts';
import { cv } from '../vision/opencv.ts';
import { quadAt } from '../vision/quad.ts';

/** QR codes (ISO/IEC 18004; OpenCV `QRCodeDetector`). Use it to read labels, tickets and forms. */
export const qrCode = defineOperation({
  name: 'qr-code',
  title: 'QR codes',
  group: 'detection',
  summary: 'Finds and reads all QR codes in the picture.',
  source: 'ISO/IEC 18004; OpenCV QRCodeDetector',
  params: z.strictObject({}),
  measures: z.looseObject({
    count: count('codes'),
    codes: z.array(z.object({ text: z.string(), corners: z.array(point) })),
  }),
  run({ image, scope }) {
    const detector = scope.own(new cv.QRCodeDetector());
    const texts = scope.own(new cv.StringVector());
    const points = scope.mat();
    detector.detectAndDecodeMulti(toGray(image, scope), texts, points);
    const codes = Array.from({ length: texts.size() }, (_, i) => ({
      text: texts.get(i) || null,
      corners: quadAt(points, i),
    }));
    const canvas = canvasOf(image, scope);
    for (const { corners } of codes) drawPolygon(canvas, corners, [60, 220, 90]);
    return { image: canvas, measurements: { count: codes.length, codes } };
  },
});
