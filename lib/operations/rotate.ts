import { z } from 'zod';
import { defineOperation, type OperationInput, type OperationOutput } from '../vision/declaration/operation.ts';
import { color, rgbOf } from '../vision/declaration/params.ts';
import { sampleOf } from '../vision/gray-scale.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { checkResultSize } from '../vision/result-size.ts';
import type { Scope } from '../vision/scope.ts';

/** Rotation about the center; exact for multiples of 90°, else cubic interpolation (OpenCV `warpAffine`). Use it to level a horizon. */
export const rotate = defineOperation({
  name: 'rotate',
  title: 'Rotate',
  group: 'geometry',
  summary: 'Turns the picture; it grows so that nothing is cut off.',
  source: 'OpenCV rotate, warpAffine (INTER_CUBIC)',
  maxDepth: 16,
  keepsValues: true,
  alpha: 'transformed',
  params: z.strictObject({
    angle: z.number().min(-360).max(360).default(90).describe('clockwise').meta({ unit: '°' }),
    background: color()
      .default('#ffffff')
      .describe('fills the corners, #rrggbb; those of an image with transparency are transparent'),
  }),
  run(input, { angle, background }) {
    const turns = (((angle / 90) % 4) + 4) % 4;
    if (turns === 0) return {};
    if (!Number.isInteger(turns)) return rotated(input, angle, rgbOf(background));
    const { image, alpha, scope } = input;
    return {
      image: quarterTurns(image, turns, scope),
      ...(alpha && { alpha: quarterTurns(alpha, turns, scope) }),
    };
  },
});

function quarterTurns(image: Mat, turns: number, scope: Scope): Mat {
  const turned = scope.mat();
  const codes = [cv.ROTATE_90_CLOCKWISE, cv.ROTATE_180, cv.ROTATE_90_COUNTERCLOCKWISE];
  cv.rotate(image, turned, codes[turns - 1]);
  return turned;
}

/** The image and its transparency turned clockwise by degrees, on a canvas that holds the whole, or has the same size. */
export function rotated(
  { image, alpha, gray, maxPixels, scope }: OperationInput,
  angle: number,
  [red, green, blue]: readonly number[],
  canvas: 'grow' | 'same' = 'grow',
): OperationOutput {
  const { cols, rows } = image;
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  const grown = [Math.ceil(cols * cos + rows * sin), Math.ceil(cols * sin + rows * cos)];
  const [width, height] = canvas === 'grow' ? grown : [cols, rows];
  checkResultSize(width, height, maxPixels);
  // Centers of pixels are at whole coordinates, so that the middle of the image is half a pixel before half its size.
  const matrix = scope.own(cv.getRotationMatrix2D(new cv.Point((cols - 1) / 2, (rows - 1) / 2), -angle, 1));
  matrix.data64F[2] += (width - cols) / 2;
  matrix.data64F[5] += (height - rows) / 2;
  const turn = (mat: Mat, fill: number[]) => {
    const turned = scope.mat();
    const size = new cv.Size(width, height);
    cv.warpAffine(mat, turned, matrix, size, cv.INTER_CUBIC, cv.BORDER_CONSTANT, new cv.Scalar(...fill));
    return turned;
  };
  const color = image.channels() === 1 ? [0.299 * red + 0.587 * green + 0.114 * blue] : [red, green, blue];
  const fill = color.map((value) => sampleOf(gray, value));
  return { image: turn(image, fill), ...(alpha && { alpha: turn(alpha, [0]) }) };
}
