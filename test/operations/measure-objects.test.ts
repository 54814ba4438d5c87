import sharp from 'sharp';
import { twoRectangles } from '../harness/drawing.ts';
import { run, runSteps } from '../harness/run.ts';

test('contours, components and objects agree on two rectangles', async () => {
  const { measured: outlined } = await run('contours', await twoRectangles());
  const { measured: labeled } = await run('connected-components', await twoRectangles());
  const { measured: table } = await run('measure-objects', await twoRectangles(), {
    pixelSize: { x: 0.5, unit: 'mm' },
  });
  expect([outlined.count, labeled.count, table.count]).toEqual([2, 2, 2]);
  expect(outlined.objects.map(({ box }: { box: object }) => box)).toContainEqual({
    x: 120,
    y: 40,
    width: 30,
    height: 50,
  });
  expect(labeled.objects.map(({ area }: { area: number }) => area).sort()).toEqual([1200, 1500]);
  const flat = table.objects.find(({ box }: { box: { width: number } }) => box.width === 60);
  expect(flat.orientation).toBeCloseTo(0, 5);
  expect(flat.intensity.gray.mean).toBeCloseTo(200, 5);
  expect(flat.solidity).toBeCloseTo(1, 5);
  expect(flat).toMatchObject({ area: 1200, physical: { unit: 'mm', area: 300 } });
  expect(flat.majorAxis / flat.minorAxis).toBeCloseTo(Math.sqrt((60 ** 2 - 1) / (20 ** 2 - 1)), 3);
});

/** A red and a blue square on black; the luma of blue is 29, that of red 76. */
const twoColors = () => {
  const pixels = Buffer.alloc(80 * 40 * 3);
  for (let y = 10; y < 30; y++)
    for (let x = 10; x < 30; x++) {
      pixels[(y * 80 + x) * 3] = 255;
      pixels[(y * 80 + x + 40) * 3 + 2] = 255;
    }
  return sharp(pixels, { raw: { width: 80, height: 40, channels: 3 } })
    .png()
    .toBuffer();
};

test.each([
  ['saturation', 2],
  ['blue', 1],
  ['gray', 1],
])('in %s there are %i of a red and a blue square', async (channel, count) => {
  expect((await run('measure-objects', await twoColors(), { channel })).measured.count).toBe(count);
});

test('the channels that are asked for are measured, whichever finds the objects', async () => {
  const { measured } = await run('measure-objects', await twoColors(), {
    channel: 'blue',
    channels: ['blue', 'red', 'saturation'],
  });
  const { intensity } = measured.objects[0];
  expect(Object.keys(intensity)).toEqual(['blue', 'red', 'saturation']);
  expect([intensity.blue.median, intensity.red.mean, intensity.saturation.min]).toEqual([255, 0, 255]);
});

test('the original is measured under a mask that steps have made', async () => {
  const steps = [
    { operation: 'threshold', params: { channel: 'blue' } },
    { operation: 'erode', params: { kernelSize: 3 } },
    { operation: 'measure-objects', params: { channels: ['blue'] } },
  ];
  const { measurements } = await runSteps(await twoColors(), steps);
  expect(measurements[2]).toMatchObject({ count: 1, intensityOf: 'original' });
  expect(measurements[2].objects).toMatchObject([{ intensity: { blue: { min: 255, max: 255 } } }]);
});

test('what watershed has parted is measured as it is', async () => {
  const parted = { operation: 'watershed', params: { output: 'labels' } };
  const { measurements } = await runSteps('coins.png', [parted, { operation: 'measure-objects' }]);
  const [first, second] = measurements as Record<string, unknown>[];
  expect(second).toMatchObject({ count: 24, threshold: null, objects: first.objects });
});
