import { z } from 'zod';
import { defineOperation } from '../vision/declaration/operation.ts';
import { channelNames, channelOf } from '../vision/gray-channel.ts';

/** One channel of a color image as a gray one. Use it where what matters shows in one color or stain only. */
export const channel = defineOperation({
  name: 'channel',
  title: 'Choose a channel',
  group: 'color',
  summary:
    'Keeps one channel as a gray picture: a color (fluorescence: DAPI in blue), hue, saturation, lightness, or a stain of histology.',
  source: 'OpenCV cvtColor (HSV, CIE Lab); A. Ruifrok & D. Johnston, color deconvolution, 2001',
  maxDepth: 16,
  alpha: 'kept',
  params: z.strictObject({
    channel: z
      .enum(channelNames)
      .default('green')
      .describe(
        'hue is spread over all gray values, 360° being white; stains are brighter where there is more of them',
      ),
  }),
  halo: () => 0,
  run: ({ image, scope }, { channel }) => ({ image: channelOf(image, channel, scope) }),
});
