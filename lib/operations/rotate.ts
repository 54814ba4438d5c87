import { z } from 'zod';
import { cv, type Mat } from './cv.ts';
import { defineOperation } from './operation.ts';
import { colour, rgbOf } from './params.ts';
import type { Scope } from './scope.ts';

/** Rotation about the centre; exact for multiples of 90°, else cubic interpolation (OpenCV `warpAffine`). Use it to level a horizon. */
export const rotate = defineOperation({
  name: 'rotate',
  title: 'Rotate',
  group: 'geometry',
  summary: 'Turns the picture; it grows so that nothing is cut off.',
  source: 'OpenCV rotate, warpAffine (INTER_CUBIC)',
  params: z.strictObject({
    angle: z.number().min(-360).max(360).default(90).describe('clockwise').meta({ unit: '°' }),
    background: colour().default('#ffffff').describe('fills the corners, #rrggbb'),
  }),
  run({ image, scope }, { angle, background }) {
    const turns = ((((angle / 90) % 4) + 4) % 4) as number;
    if (turns === 0) return {};
    return {
      image: Number.isInteger(turns)
        ? quarterTurns(image, turns, scope)
        : rotated(image, angle, rgbOf(background), scope),
    };
  },
});

function quarterTurns(image: Mat, turns: number, scope: Scope): Mat {
  const turned = scope.mat();
  const codes = [cv.ROTATE_90_CLOCKWISE, cv.ROTATE_180, cv.ROTATE_90_COUNTERCLOCKWISE];
  cv.rotate(image, turned, codes[turns - 1]);
  return turned;
}

/** Rotates clockwise by degrees, on a canvas that holds the whole. */
export function rotated(image: Mat, angle: number, [red, green, blue]: readonly number[], scope: Scope): Mat {
  const { cols, rows } = image;
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  const [width, height] = [Math.ceil(cols * cos + rows * sin), Math.ceil(cols * sin + rows * cos)];
  // Centres of pixels are at whole coordinates, so that the middle of the image is half a pixel before half its size.
  const matrix = scope.own(cv.getRotationMatrix2D(new cv.Point((cols - 1) / 2, (rows - 1) / 2), -angle, 1));
  matrix.data64F[2] += (width - cols) / 2;
  matrix.data64F[5] += (height - rows) / 2;
  const turned = scope.mat();
  const fill =
    image.channels() === 1
      ? new cv.Scalar(0.299 * red + 0.587 * green + 0.114 * blue)
      : new cv.Scalar(red, green, blue);
  cv.warpAffine(image, turned, matrix, new cv.Size(width, height), cv.INTER_CUBIC, cv.BORDER_CONSTANT, fill);
  return turned;
}
