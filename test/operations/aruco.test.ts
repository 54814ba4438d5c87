import sharp from 'sharp';
import { cv } from '../../lib/vision/opencv.ts';
import { gray } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('markers are found with their numbers', async () => {
  await run('grayscale', 'coins.png');
  const dictionary = cv.getPredefinedDictionary(cv.DICT_4X4_50) as unknown as {
    generateImageMarker(id: number, side: number, image: unknown, border: number): void;
    delete(): void;
  };
  const marker = new cv.Mat();
  dictionary.generateImageMarker(23, 90, marker, 1);
  const shown = await gray(Buffer.from(marker.data), 90, 90);
  marker.delete();
  dictionary.delete();
  const scene = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#fff' } })
    .composite([{ input: shown, left: 100, top: 50 }])
    .png()
    .toBuffer();
  const { measured } = await run('aruco', scene);
  expect(measured.markers).toHaveLength(1);
  expect(measured.markers[0]).toMatchObject({ id: 23 });
  expect(Math.hypot(measured.markers[0].corners[0].x - 100, measured.markers[0].corners[0].y - 50)).toBeLessThan(2);
});
