import { z } from 'zod';
import { maxFacePixels } from '../limits.ts';
import { type Face, landmarkNames } from '../vision/boxes.ts';
import { canvasOf, toGray, toRgb } from '../vision/channels.ts';
import { box, count, length, point, ratio } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { faceModels, findFaces, usualSmallestFace } from '../vision/face-search.ts';
import { loadFaceCascade } from '../vision/models.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { Scope } from '../vision/scope.ts';

const params = z.strictObject({
  model: z
    .enum(['blazeface', 'haar'])
    .default('blazeface')
    .describe('blazeface: a neural network, with landmarks and few false alarms; haar: the classic cascade'),
  scoreThreshold: z
    .number()
    .min(0.1)
    .max(1)
    .default(0.65)
    .describe('how sure the network must be; the cascade gives no such score and is not affected'),
  minSize: z
    .int()
    .min(16)
    .max(4096)
    .default(usualSmallestFace)
    .describe(
      'side of the smallest face to search for, in an image of any size; smaller ones that are seen on the way are given too',
    )
    .meta({ unit: 'px' }),
});
type Options = z.output<typeof params>;

/** Face detection by BlazeFace (Bazarevsky 2019) or a Haar cascade (Viola & Jones 2001). Use it to count, crop or redact faces. */
export const faceDetection = defineOperation({
  name: 'face-detection',
  title: 'Face detection',
  group: 'detection',
  summary: 'Finds faces, with eyes, nose, mouth and ears where the model gives them.',
  maxPixels: maxFacePixels,
  source: 'V. Bazarevsky, BlazeFace, 2019 (MediaPipe); P. Viola & M. Jones, 2001 (OpenCV CascadeClassifier)',
  params,
  models: ({ model }) => (model === 'haar' ? ['haarcascade_frontalface_default.xml'] : faceModels),
  measures: z.looseObject({
    count: count('faces'),
    faces: z.array(
      z.object({
        box,
        score: ratio('certainty of the network, 0 to 1; with haar the number of raw detections that agree').min(0),
        landmarks: z
          .object(Object.fromEntries(landmarkNames.map((name) => [name, point])))
          .nullable()
          .describe("places in the face, left and right as the person's own; null with haar"),
      }),
    ),
    smallestFaceSearched: length('smallest face that was looked for'),
  }),
  run({ image, scope }, options) {
    const { model, minSize, scoreThreshold } = options;
    const { faces, smallestSearched } =
      model === 'haar'
        ? { faces: detectHaarFaces(toGray(image, scope), options), smallestSearched: minSize }
        : findFaces(toRgb(image, scope), scoreThreshold, minSize);
    const canvas = canvasOf(image, scope);
    for (const face of faces) drawFace(canvas, face);
    return { image: canvas, measurements: { count: faces.length, faces, smallestFaceSearched: smallestSearched } };
  },
});

const haarScaleFactor = 1.1;
const haarMinNeighbors = 5;

/** `score` is the number of raw detections that agree, of which OpenCV asks at least five. */
function detectHaarFaces(gray: Mat, { minSize }: Options): Face[] {
  using scope = new Scope();
  const boxes = scope.own(new cv.RectVector());
  const agreeing = scope.own(new cv.IntVector());
  const size = new cv.Size(minSize, minSize);
  loadFaceCascade().detectMultiScale2(
    gray,
    boxes,
    agreeing,
    haarScaleFactor,
    haarMinNeighbors,
    0,
    size,
    new cv.Size(0, 0),
  );
  return Array.from({ length: boxes.size() }, (_, i) => {
    const { x, y, width, height } = boxes.get(i);
    return { box: { x, y, width, height }, score: agreeing.get(i), landmarks: null };
  });
}

function drawFace(canvas: Mat, { box, landmarks }: Face): void {
  const line = Math.max(2, Math.round(Math.min(canvas.rows, canvas.cols) / 250));
  const green = new cv.Scalar(60, 220, 90);
  const corner = new cv.Point(Math.round(box.x), Math.round(box.y));
  const opposite = new cv.Point(Math.round(box.x + box.width), Math.round(box.y + box.height));
  cv.rectangle(canvas, corner, opposite, green, line, cv.LINE_AA);
  for (const { x, y } of Object.values(landmarks ?? {})) {
    cv.circle(
      canvas,
      new cv.Point(Math.round(x), Math.round(y)),
      line,
      new cv.Scalar(255, 70, 70),
      cv.FILLED,
      cv.LINE_AA,
    );
  }
}
