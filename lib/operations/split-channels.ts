import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { type ChannelName, channelOf } from '../vision/gray-channel.ts';
import { cv } from '../vision/opencv.ts';
import { checkResultSize } from '../vision/result-size.ts';

const spaces = {
  rgb: ['red', 'green', 'blue'],
  hsl: ['hue', 'saturation', 'lightness'],
  stains: ['hematoxylin', 'eosin', 'dab'],
} as const satisfies Record<string, readonly ChannelName[]>;

/** Three channels side by side. Use it to see which of them tells objects from the rest, and choose that one. */
export const splitChannels = defineOperation({
  name: 'split-channels',
  title: 'Split channels',
  group: 'color',
  summary:
    'Shows three channels as gray pictures side by side: red, green and blue; hue, saturation and lightness; or stains.',
  source: 'OpenCV cvtColor (HSV, CIE Lab); A. Ruifrok & D. Johnston, color deconvolution, 2001',
  maxDepth: 16,
  params: z.strictObject({
    channels: z
      .enum(['rgb', 'hsl', 'stains'])
      .default('rgb')
      .describe(
        'rgb: red, green, blue; hsl: hue and saturation of HSV, lightness of CIE Lab; stains: hematoxylin, eosin, DAB',
      ),
  }),
  measures: z.looseObject({ channels: z.array(z.string()).describe('names, from the left') }),
  run({ image, maxPixels, scope }, { channels }) {
    const names = spaces[channels];
    checkResultSize(names.length * image.cols, image.rows, maxPixels);
    const planes = scope.own(new cv.MatVector());
    for (const name of names) planes.push_back(channelOf(image, name, scope));
    const row = scope.mat();
    cv.hconcat(planes, row);
    return { image: row, measurements: { channels: names } };
  },
});
