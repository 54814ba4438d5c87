import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { onLightness } from '../vision/lightness.ts';
import { cv, type Mat } from '../vision/opencv.ts';
import { rollingBallBackground } from '../vision/rolling-ball.ts';

/** Rolling-ball background subtraction (Sternberg 1983, as in ImageJ). Use it on gels, and on fluorescence with a hazy background. */
export const rollingBall = defineOperation({
  name: 'rolling-ball',
  title: 'Subtract background (rolling ball)',
  group: 'restoration',
  summary:
    'Removes a smooth, uneven background: gels, blots, fluorescence. Choose a ball larger than the largest object.',
  source:
    'S. Sternberg, Biomedical image processing, 1983; as ImageJ’s Subtract Background and scikit-image rolling_ball',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    radius: z
      .number()
      .min(1)
      .max(1000)
      .default(50)
      .describe('of the ball, greater than that of the largest object')
      .meta({ unit: 'px' }),
    background: z.enum(['dark', 'bright']).default('dark').describe('bright objects on dark, or the other way round'),
    output: z.enum(['corrected', 'background']).default('corrected').describe('what the result shows'),
  }),
  run({ image, gray, scope }, { radius, background, output }) {
    // Lightness of color is spread over all samples, whatever those of the colors span.
    const scale = image.channels() === 3 && image.elemSize1() === 2 ? { black: 0, white: 65_535 } : gray;
    const correct = (lightness: Mat) => {
      const found = rollingBallBackground(lightness, radius, scale, scope);
      if (output === 'corrected') cv.subtract(lightness, found, found);
      return found;
    };
    if (background === 'dark') return { image: onLightness(image, correct, scope) };
    const turned = (lightness: Mat) => {
      const negative = scope.mat();
      cv.bitwise_not(lightness, negative);
      const corrected = correct(negative);
      cv.bitwise_not(corrected, corrected);
      return corrected;
    };
    return { image: onLightness(image, turned, scope) };
  },
});
