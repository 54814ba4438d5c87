/** The operations whose time the kernels save run them in the server's engine: without them results are the same, and only this tells. */
import { processImage } from '../../lib/imaging/engine-thread.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';
import { kernelCalls } from '../../lib/kernels/load.ts';
import { loadOpenCv } from '../../lib/vision/opencv.ts';
import { fixture } from '../harness/fixtures.ts';

beforeAll(loadOpenCv);

interface Case {
  operation: string;
  params?: Record<string, unknown>;
  reference?: string;
  kernels: string[];
}

const cases: Case[] = [
  { operation: 'adaptive-threshold', kernels: ['weightedMean', 'thresholdAgainst', 'countNonZero'] },
  { operation: 'adaptive-threshold', params: { method: 'mean' }, kernels: ['box', 'thresholdAgainst'] },
  { operation: 'black-hat', kernels: ['morphology', 'subtract'] },
  { operation: 'blend', reference: 'graf1.png', kernels: ['addWeighted'] },
  { operation: 'box-blur', kernels: ['box'] },
  { operation: 'brightness-contrast', params: { contrast: 20 }, kernels: ['lut3'] },
  { operation: 'canny', kernels: ['grayOf3', 'canny'] },
  { operation: 'channel', kernels: ['plane'] },
  { operation: 'clahe', kernels: ['clahe'] },
  { operation: 'custom-kernel', kernels: ['filter2d'] },
  { operation: 'denoise', kernels: ['nonLocalMeans'] },
  { operation: 'difference', reference: 'graf1.png', kernels: ['absdiff'] },
  { operation: 'dilate', kernels: ['morphology'] },
  { operation: 'emboss', kernels: ['filter2d'] },
  { operation: 'equalize', kernels: ['rgbToYcrcb', 'histogram', 'lut3', 'ycrcbToRgb'] },
  { operation: 'erode', kernels: ['morphology'] },
  { operation: 'even-illumination', kernels: ['resizeBlocks', 'morphology', 'divide', 'resizeSmooth'] },
  { operation: 'gaussian-blur', kernels: ['gaussian'] },
  { operation: 'grayscale', kernels: ['grayOf3'] },
  { operation: 'histogram', kernels: ['histogram'] },
  { operation: 'hue-saturation', params: { hue: 20 }, kernels: ['rgbToHsv', 'lut3', 'hsvToRgb'] },
  { operation: 'in-range', kernels: ['rgbToHsv', 'inRange'] },
  { operation: 'invert', kernels: ['invert'] },
  { operation: 'k-means', kernels: ['nearestColors', 'palette'] },
  { operation: 'laplacian', kernels: ['laplacian'] },
  { operation: 'local-threshold', kernels: ['localThreshold'] },
  { operation: 'median-blur', kernels: ['median5'] },
  { operation: 'merge-channels', reference: 'graf1.png', kernels: ['lut3', 'add'] },
  { operation: 'morphological-gradient', kernels: ['morphology', 'subtract'] },
  { operation: 'quantize', kernels: ['nearestColors', 'palette'] },
  { operation: 'resize', params: { width: 400, height: 320, fit: 'fill' }, kernels: ['resizeBlocks'] },
  { operation: 'resize', params: { width: 230 }, kernels: ['resizeArea'] },
  { operation: 'resize', params: { width: 1000 }, kernels: ['resizeSmooth'] },
  { operation: 'rolling-ball', kernels: ['leastOfBlocks', 'rollBall', 'subtract'] },
  { operation: 'scharr', kernels: ['gradient'] },
  { operation: 'sepia', kernels: ['transform3'] },
  { operation: 'sharpen', kernels: ['gaussian', 'addWeighted', 'morphology', 'least', 'greatest'] },
  { operation: 'sobel', kernels: ['gradient'] },
  { operation: 'stain-unmixing', kernels: ['unmixStains'] },
  { operation: 'threshold', kernels: ['grayOf3', 'histogram', 'threshold', 'countNonZero'] },
  { operation: 'watershed', kernels: ['gaussian', 'morphology'] },
  { operation: 'white-balance', kernels: ['histogram', 'lut3'] },
];

test.each(cases)('$operation runs $kernels', async ({ operation, params = {}, reference, kernels }) => {
  const before = { ...kernelCalls };
  await processImage({
    image: fixture('graf1.png'),
    reference: reference ? fixture(reference) : undefined,
    steps: parseSteps([{ operation, params }]),
    output: {},
    maxPixels: 50e6,
  });
  expect(kernels.filter((name) => kernelCalls[name] === (before[name] ?? 0))).toEqual([]);
});
