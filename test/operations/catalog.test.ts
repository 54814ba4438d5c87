/** Properties of results that users of the catalog rely on. */
import sharp from 'sharp';
import { cv } from '../../lib/vision/opencv.ts';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';

type Shape = { x: number; y: number; width: number; height: number; value: number };

/** Gray rectangles on a gray ground. */
function drawing(width: number, height: number, ground: number, shapes: Shape[]): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height, ground);
  for (const { x, y, width: w, height: h, value } of shapes) {
    for (let row = y; row < y + h; row++) pixels.fill(value, row * width + x, row * width + x + w);
  }
  return gray(pixels, width, height);
}

function gray(pixels: Buffer, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColorspace('b-w')
    .png()
    .toBuffer();
}

const plain = (background: string, size = 60) =>
  sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();

const rgb = (bytes: Uint8Array) => sharp(bytes).removeAlpha().toColorspace('srgb').raw().toBuffer();

const deviation = (pixels: Buffer) => {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
};

/** Gray 120 with noise of ±20 left of a step to 200. */
function noisyStep(): Promise<Buffer> {
  const pixels = Buffer.alloc(200 * 100);
  let seed = 7;
  for (let i = 0; i < pixels.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    pixels[i] = (i % 200 < 100 ? 100 : 200) + ((seed >> 16) % 41) - 20;
  }
  return gray(pixels, 200, 100);
}

describe('filters', () => {
  test.each(['denoise', 'bilateral', 'box-blur', 'gaussian-blur', 'median-blur'])(
    '%s takes noise out of flat areas',
    async (operation) => {
      const params = operation === 'denoise' ? { strength: 30 } : operation === 'bilateral' ? { sigmaColor: 60 } : {};
      const flat = async (bytes: Uint8Array) =>
        deviation(
          await sharp(bytes).extract({ left: 10, top: 10, width: 80, height: 80 }).toColorspace('b-w').raw().toBuffer(),
        );
      const noisy = await noisyStep();
      const { bytes } = await run(operation, noisy, params);
      expect(await flat(bytes)).toBeLessThan(0.5 * (await flat(noisy)));
    },
  );

  test.each(['denoise', 'bilateral'])('%s keeps an edge where it is', async (operation) => {
    const params = operation === 'denoise' ? { strength: 15 } : { sigmaColor: 60 };
    const pixels = await grayPixels((await run(operation, await noisyStep(), params)).bytes);
    const mean = (x: number) =>
      Array.from({ length: 100 }, (_, y) => pixels[y * 200 + x]).reduce((a, b) => a + b) / 100;
    expect(mean(101) - mean(98)).toBeGreaterThan(70);
  });

  test('sharpening makes edges steeper, and amount 0 changes nothing', async () => {
    const focus = async (steps: object[]) =>
      (await runSteps('coffee.png', [...steps, { operation: 'laplacian' }])).measurements.at(-1)?.variance;
    expect(await focus([{ operation: 'sharpen' }])).toBeGreaterThan(1.5 * Number(await focus([])));
    const { bytes } = await run('sharpen', 'coffee.png', { amount: 0 });
    expect((await rgb(bytes)).equals(await rgb(fixture('coffee.png')))).toBe(true);
  });

  test('an embossed plain is gray, and light comes from where it is said to', async () => {
    const step = await drawing(40, 40, 60, [{ x: 20, y: 0, width: 20, height: 40, value: 160 }]);
    const fromRight = await grayPixels((await run('emboss', step, { angle: 0 })).bytes);
    const fromLeft = await grayPixels((await run('emboss', step, { angle: 180 })).bytes);
    expect(fromRight[20 * 40 + 5]).toBe(128);
    expect(fromRight[20 * 40 + 19]).toBeGreaterThan(128);
    expect(fromLeft[20 * 40 + 19]).toBeLessThan(128);
  });

  test('a kernel that is ragged or even is refused', async () => {
    for (const kernel of [
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 2, 3], [1], [1, 2, 3]],
    ]) {
      await expect(run('custom-kernel', 'coins.png', { kernel })).rejects.toMatchObject({
        details: { field: 'steps[0].params.kernel' },
      });
    }
  });
});

describe('edges', () => {
  const bar = () => drawing(200, 100, 20, [{ x: 40, y: 48, width: 120, height: 4, value: 220 }]);

  test('sobel in x sees upright edges only', async () => {
    const pixels = await grayPixels(
      (
        await run('sobel', await drawing(60, 60, 0, [{ x: 30, y: 0, width: 30, height: 60, value: 40 }]), {
          direction: 'x',
        })
      ).bytes,
    );
    expect(pixels[30 * 60 + 30]).toBe(160);
    const none = await grayPixels(
      (
        await run('sobel', await drawing(60, 60, 0, [{ x: 0, y: 30, width: 60, height: 30, value: 40 }]), {
          direction: 'x',
        })
      ).bytes,
    );
    expect(Math.max(...none)).toBe(0);
  });

  test('a bar has lines along it, with their angle', async () => {
    const { measured } = await run('hough-lines', await bar());
    expect(measured.count).toBeGreaterThanOrEqual(2);
    expect(measured.lines[0].length).toBeGreaterThan(100);
    expect(Math.min(measured.lines[0].angle, 180 - measured.lines[0].angle)).toBeLessThan(2);
  });

  test('circles are found with their center and radius', async () => {
    const pixels = Buffer.alloc(300 * 200, 30);
    for (let i = 0; i < pixels.length; i++)
      if (Math.hypot((i % 300) - 120, Math.floor(i / 300) - 90) < 45) pixels[i] = 220;
    const { measured } = await run('hough-circles', await gray(pixels, 300, 200), { minDistance: 60, votes: 20 });
    expect(measured.count).toBe(1);
    expect(Math.hypot(measured.circles[0].center.x - 120, measured.circles[0].center.y - 90)).toBeLessThan(2);
    expect(Math.abs(measured.circles[0].radius - 45)).toBeLessThan(2);
  });

  test('a rectangle has its four corners', async () => {
    const { measured } = await run(
      'corners',
      await drawing(100, 100, 10, [{ x: 30, y: 20, width: 40, height: 50, value: 240 }]),
      { quality: 0.3 },
    );
    const near = (x: number, y: number) =>
      measured.corners.some((corner: { x: number; y: number }) => Math.hypot(corner.x - x, corner.y - y) < 2);
    expect(measured.count).toBe(4);
    expect([near(30, 20), near(69, 20), near(30, 69), near(69, 69)]).toEqual([true, true, true, true]);
  });
});

describe('color', () => {
  const colorOf = async (operation: string, color: string, params = {}) => [
    ...(await rgb((await run(operation, await plain(color), params)).bytes)).subarray(0, 3),
  ];

  test.each([
    ['invert', '#102030', {}, [0xef, 0xdf, 0xcf]],
    ['brightness-contrast', '#404040', { brightness: 20 }, [115, 115, 115]],
    ['brightness-contrast', '#404040', { contrast: -100 }, [128, 128, 128]],
    ['gamma', '#404040', { gamma: 0.5 }, [128, 128, 128]],
    ['hue-saturation', '#ff0000', { hue: 120 }, [0, 255, 0]],
    ['hue-saturation', '#ff0000', { saturation: -100 }, [255, 255, 255]],
    ['sepia', '#ffffff', {}, [255, 255, 239]],
    ['sepia', '#336699', { amount: 0 }, [0x33, 0x66, 0x99]],
  ] as const)('%s of %s with %j', async (operation, color, params, expected) => {
    const got = await colorOf(operation, color, params);
    for (const [i, value] of expected.entries()) expect(Math.abs(got[i] - value)).toBeLessThanOrEqual(3);
  });

  test.each(['gray-world', 'white-patch'])('%s takes a color cast out', async (method) => {
    const cast = await sharp(fixture('coffee.png')).linear([1, 0.8, 0.6], [0, 0, 0]).png().toBuffer();
    const ratio = async (bytes: Uint8Array) => {
      const { channels } = await sharp(await sharp(bytes).removeAlpha().png().toBuffer()).stats();
      return channels[0].mean / channels[2].mean;
    };
    const before = await ratio(cast);
    const after = await ratio((await run('white-balance', cast, { method })).bytes);
    expect(Math.abs(after - 1)).toBeLessThan(Math.abs(before - 1));
  });

  test('in-range goes round through red', async () => {
    expect(
      (await run('in-range', await plain('#ff0010'), { lower: [170, 50, 50], upper: [10, 255, 255] })).measured
        .fraction,
    ).toBe(1);
    expect(
      (await run('in-range', await plain('#00ff00'), { lower: [170, 50, 50], upper: [10, 255, 255] })).measured
        .fraction,
    ).toBe(0);
  });

  test('quantize leaves as many colors as asked, and says how much of each', async () => {
    const { bytes, measured } = await run('quantize', 'coffee.png', { colors: 5 });
    const pixels = await rgb(bytes);
    const used = new Set(Array.from({ length: pixels.length / 3 }, (_, i) => pixels.readUIntBE(3 * i, 3)));
    expect(used.size).toBe(5);
    const total = measured.palette.reduce((sum: number, { fraction }: { fraction: number }) => sum + fraction, 0);
    expect(total).toBeCloseTo(1, 10);
    expect(used.has(Number.parseInt(measured.palette[0].color.slice(1), 16))).toBe(true);
  });

  test('the histogram counts every pixel', async () => {
    const { measured } = await run(
      'histogram',
      await drawing(100, 50, 10, [{ x: 0, y: 0, width: 100, height: 10, value: 200 }]),
    );
    const { counts, mean, min, max, median } = measured.channels.gray;
    expect([counts[10], counts[200], min, max, median]).toEqual([4000, 1000, 10, 200, 10]);
    expect(mean).toBe(48);
  });

  test('clahe brings out local contrast', async () => {
    const dim = await sharp(fixture('coins.png')).linear(0.2, 100).png().toBuffer();
    expect(deviation(await grayPixels((await run('clahe', dim)).bytes))).toBeGreaterThan(
      1.3 * deviation(await grayPixels(dim)),
    );
  });

  test('a window shows its part of a 16-bit range', async () => {
    const values = Uint16Array.from({ length: 64 * 64 }, (_, i) => 1000 + i);
    const image = await sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
      .toColorspace('grey16')
      .png()
      .toBuffer();
    const pixels = await grayPixels((await run('window-level', image, { center: 3000, width: 1001 })).bytes);
    expect(pixels[0]).toBe(0);
    expect(pixels[2000]).toBe(128);
    expect(pixels[4095]).toBe(255);
  });
});

describe('morphology', () => {
  test('the skeleton of a T has three ends and one branching', async () => {
    const t = await drawing(100, 100, 0, [
      { x: 10, y: 20, width: 80, height: 7, value: 255 },
      { x: 46, y: 20, width: 7, height: 70, value: 255 },
    ]);
    const { measured } = await run('skeleton', t);
    expect(measured).toMatchObject({ endPoints: 3 });
    expect(measured.branchPoints).toBeGreaterThanOrEqual(1);
    expect(measured.skeletonPixels).toBeLessThan(180);
  });
});

describe('geometry', () => {
  test.each([
    [{ width: 256 }, 256, 240],
    [{ height: 960 }, 1024, 960],
    [{ width: 100, height: 100 }, 100, 94],
    [{ width: 100, height: 100, fit: 'cover' }, 100, 100],
    [{ width: 100, height: 50, fit: 'fill' }, 100, 50],
    [{ width: 5000, enlarge: false }, 512, 480],
  ])('resize to %j', async (params, width, height) => {
    expect(await run('resize', 'fruits.jpg', params)).toMatchObject({ width, height });
  });

  test('transparency is resized, cropped and flipped with the picture', async () => {
    const left = {
      create: { width: 30, height: 40, channels: 4 as const, background: { r: 200, g: 0, b: 0, alpha: 1 } },
    };
    const half = await sharp({
      create: { width: 60, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .composite([{ input: await sharp(left).png().toBuffer(), left: 0, top: 0 }])
      .png()
      .toBuffer();
    const { bytes } = await runSteps(half, [
      { operation: 'flip' },
      { operation: 'resize', params: { width: 30 } },
      { operation: 'crop', params: { left: 5 } },
    ]);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 25, height: 20, channels: 4 });
    const row = 10 * 25 * 4;
    expect([data[row + 3], data[row + 24 * 4 + 3]]).toEqual([0, 255]);
  });

  test('a crop outside the image is refused', async () => {
    await expect(run('crop', 'coins.png', { left: 380, width: 10 })).rejects.toThrow(
      /not inside the image of 384 × 303/,
    );
  });

  test('rotating there and back gives the middle of the picture again', async () => {
    const { bytes, width, height } = await runSteps('coffee.png', [
      { operation: 'rotate', params: { angle: 30 } },
      { operation: 'rotate', params: { angle: -30 } },
    ]);
    const middle = (file: Uint8Array, w: number, h: number) =>
      sharp(file)
        .extract({ left: (w >> 1) - 80, top: (h >> 1) - 80, width: 160, height: 160 })
        .removeAlpha()
        .raw()
        .toBuffer();
    const [a, b] = [await middle(bytes, width, height), await middle(fixture('coffee.png'), 600, 400)];
    expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(8);
  });

  test('perspective makes four corners those of the result', async () => {
    const corners = [
      [20, 10],
      [90, 20],
      [80, 90],
      [10, 80],
    ];
    // Inside where the point lies to the right of all four sides.
    const pixels = Buffer.alloc(100 * 100);
    for (let p = 0; p < pixels.length; p++) {
      const inside = corners.every(([ax, ay], side) => {
        const [bx, by] = corners[(side + 1) % 4];
        return (bx - ax) * (Math.floor(p / 100) - ay) - (by - ay) * ((p % 100) - ax) >= 0;
      });
      if (inside) pixels[p] = 255;
    }
    const image = await gray(pixels, 100, 100);
    const { bytes, width, height } = await run('perspective', image, { corners, width: 64, height: 48 });
    expect([width, height]).toEqual([64, 48]);
    const middle = await sharp(bytes)
      .extract({ left: 2, top: 2, width: 60, height: 44 })
      .toColorspace('b-w')
      .raw()
      .toBuffer();
    expect(Math.min(...middle)).toBeGreaterThan(200);
  });

  test('a skewed page is levelled, and the angle is told', async () => {
    const lines = Array.from({ length: 12 }, (_, i) => ({ x: 60, y: 60 + 25 * i, width: 380, height: 8, value: 0 }));
    const page = await sharp(await drawing(500, 420, 255, lines))
      .rotate(4, { background: '#fff' })
      .png()
      .toBuffer();
    const { measured, bytes } = await run('deskew', page);
    expect(measured.angle).toBeCloseTo(4, 0);
    expect(Math.abs((await run('deskew', bytes)).measured.angle)).toBeLessThanOrEqual(0.2);
  });

  test('a border of one color is trimmed', async () => {
    const { measured, width, height } = await run(
      'auto-crop',
      await drawing(120, 90, 250, [{ x: 30, y: 20, width: 50, height: 40, value: 20 }]),
      { margin: 5 },
    );
    expect(measured.box).toEqual({ x: 25, y: 15, width: 60, height: 50 });
    expect([width, height]).toEqual([60, 50]);
  });
});

describe('segmentation', () => {
  const two = () =>
    drawing(200, 120, 20, [
      { x: 20, y: 30, width: 60, height: 20, value: 200 },
      { x: 120, y: 40, width: 30, height: 50, value: 180 },
    ]);

  test('contours, components and objects agree on two rectangles', async () => {
    const { measured: outlined } = await run('contours', await two());
    const { measured: labeled } = await run('connected-components', await two());
    const { measured: table } = await run('measure-objects', await two(), { pixelSize: { x: 0.5, unit: 'mm' } });
    expect([outlined.count, labeled.count, table.count]).toEqual([2, 2, 2]);
    expect(outlined.objects.map(({ boundingBox }: { boundingBox: object }) => boundingBox)).toContainEqual({
      ...{ x: 120, y: 40, width: 30, height: 50 },
    });
    expect(labeled.objects.map(({ area }: { area: number }) => area).sort()).toEqual([1200, 1500]);
    const flat = table.objects.find(({ boundingBox }: { boundingBox: { width: number } }) => boundingBox.width === 60);
    expect(flat.orientation).toBeCloseTo(0, 5);
    expect(flat.intensity.gray.mean).toBeCloseTo(200, 5);
    expect(flat.solidity).toBeCloseTo(1, 5);
    expect(flat).toMatchObject({ area: 1200, physical: { unit: 'mm', area: 300 } });
    expect(flat.majorAxis / flat.minorAxis).toBeCloseTo(Math.sqrt((60 ** 2 - 1) / (20 ** 2 - 1)), 3);
  });

  test('k-means numbers classes from dark to bright', async () => {
    const { measured, bytes } = await run('k-means', await two(), { classes: 3, output: 'labels' });
    expect(measured.classes.map(({ pixels }: { pixels: number }) => pixels)).toEqual([24_000 - 2700, 1500, 1200]);
    expect((await grayPixels(bytes))[40 * 200 + 30]).toBe(2);
  });

  test('an object is cut out of its background', async () => {
    const { measured } = await run('grab-cut', await two(), {
      left: 50,
      top: 20,
      width: 40,
      height: 70,
      output: 'mask',
    });
    expect(Math.abs(measured.pixels - 1500)).toBeLessThan(150);
  });
});

describe('detection', () => {
  test('a part of a picture is found where it was taken from', async () => {
    const part = await sharp(fixture('coffee.png'))
      .extract({ left: 210, top: 130, width: 60, height: 50 })
      .png()
      .toBuffer();
    const { measured } = await run('template-matching', 'coffee.png', {}, part);
    expect(measured.matches[0].box).toEqual({ x: 210, y: 130, width: 60, height: 50 });
    expect(measured.matches[0].score).toBeGreaterThan(0.999);
  });

  test('a QR code is read', async () => {
    const { measured } = await run('qr-code', 'qr.png');
    expect(measured.codes).toMatchObject([{ text: 'https://example.org/tessera?id=42' }]);
    expect((await run('qr-code', 'coins.png')).measured.count).toBe(0);
  });

  test('an EAN-13 barcode is read', async () => {
    const { measured } = await run('barcode', await ean13('4006381333931'));
    expect(measured.codes).toMatchObject([{ text: '4006381333931', type: 'EAN_13' }]);
  });

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

  test('no person is seen among coins', async () => {
    expect((await run('people', 'coins.png')).measured.count).toBe(0);
  });
});

describe('privacy', () => {
  test.each(['pixelate', 'blur', 'fill'])('after %s no face is found, and the rest is untouched', async (method) => {
    const { bytes, measured } = await run('redact-faces', 'astronaut.png', { method });
    expect(measured.count).toBe(1);
    const [{ x, y, width, height }] = measured.boxes;
    // The head, hair included.
    expect(x < 177 && y < 60 && x + width > 177 + 96 && y + height > 172).toBe(true);
    expect(width * height).toBeLessThan(4 * 96 * 100);
    expect((await run('face-detection', bytes)).measured.faces).toEqual([]);
    const corner = (file: Uint8Array) =>
      sharp(file, { ignoreIcc: true }).extract({ left: 300, top: 300, width: 200, height: 200 }).raw().toBuffer();
    expect((await corner(bytes)).equals(await corner(fixture('astronaut.png')))).toBe(true);
  });
});

describe('two images', () => {
  test('equal pictures do not differ; changed ones do where they were changed', async () => {
    const same = await run('difference', 'coins.png', {}, 'coins.png');
    expect(same.measured).toMatchObject({ mse: 0, psnr: null, ssim: 1, changedPixels: 0 });
    const a = await drawing(100, 100, 50, []);
    const b = await drawing(100, 100, 50, [{ x: 10, y: 20, width: 5, height: 4, value: 90 }]);
    const { measured } = await run('difference', a, {}, b);
    expect(measured).toMatchObject({ changedPixels: 20, mse: (20 * 1600) / 10_000 });
    expect(measured.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / 3.2), 6);
    expect(measured.ssim).toBeLessThan(1);
  });

  test('pictures of different sizes are not compared', async () => {
    await expect(run('difference', 'coins.png', {}, 'box.png')).rejects.toThrow(/384 × 303.*324 × 223/);
  });

  test.each([
    ['normal', 50, 150],
    ['multiply', 100, 78],
    ['screen', 100, 222],
    ['lighten', 100, 200],
    ['darken', 100, 100],
  ])('blend %s at %i %%', async (mode, opacity, expected) => {
    const { bytes } = await run('blend', await drawing(9, 9, 100, []), { mode, opacity }, await drawing(9, 9, 200, []));
    expect(Math.abs((await rgb(bytes))[0] - expected)).toBeLessThanOrEqual(1);
  });

  test('a turned and shifted shot is aligned', async () => {
    const turned = await sharp(fixture('graf1.png')).rotate(10).resize(700).png().toBuffer();
    const { bytes } = await run('register', 'graf1.png', { output: 'aligned' }, turned);
    const middle = (file: Uint8Array) =>
      sharp(file).extract({ left: 200, top: 150, width: 400, height: 300 }).removeAlpha().raw().toBuffer();
    const [a, b] = [await middle(bytes), await middle(fixture('graf1.png'))];
    expect(a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length).toBeLessThan(12);
  });

  test('pictures of different things are not aligned', async () => {
    await expect(run('register', 'coffee.png', {}, 'box.png')).rejects.toThrow(/points agree/);
  });
});

describe('restoration', () => {
  test('a scratch is filled from its surroundings', async () => {
    const scratch = { x: 0, y: 20, width: 60, height: 3, value: 255 };
    const { bytes, measured } = await run(
      'inpaint',
      await drawing(60, 40, 90, [scratch]),
      {},
      await drawing(60, 40, 0, [scratch]),
    );
    expect(measured.filledPixels).toBe(180);
    const pixels = await grayPixels(bytes);
    expect(Math.max(...pixels)).toBeLessThanOrEqual(92);
  });

  test('a page in half shadow becomes evenly bright', async () => {
    const pixels = Buffer.alloc(300 * 200);
    for (let i = 0; i < pixels.length; i++) pixels[i] = 230 - (i % 300) / 2.5;
    for (let y = 20; y < 180; y += 20)
      for (let x = 30; x < 270; x++) if (x % 9 < 4) pixels.fill(30, y * 300 + x, y * 300 + x + 1);
    const even = await grayPixels((await run('even-illumination', await gray(pixels, 300, 200))).bytes);
    expect(Math.abs(even[10 * 300 + 20] - even[10 * 300 + 280])).toBeLessThan(12);
    expect(even[10 * 300 + 280]).toBeGreaterThan(235);
    expect(even[20 * 300 + 36]).toBeLessThan(150);
  });
});

/** Modules of an EAN-13 code (ISO/IEC 15420), drawn with a quiet zone. */
function ean13(digits: string): Promise<Buffer> {
  const left = [
    '0001101',
    '0011001',
    '0010011',
    '0111101',
    '0100011',
    '0110001',
    '0101111',
    '0111011',
    '0110111',
    '0001011',
  ];
  const parity = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL'][
    Number(digits[0])
  ];
  const right = (digit: string) => left[Number(digit)].replace(/[01]/g, (bit) => (bit === '0' ? '1' : '0'));
  const mirrored = (digit: string) => [...right(digit)].reverse().join('');
  const first = [...digits.slice(1, 7)]
    .map((digit, i) => (parity[i] === 'L' ? left[Number(digit)] : mirrored(digit)))
    .join('');
  const modules = `101${first}01010${[...digits.slice(7)].map(right).join('')}101`;
  const bars = [...modules].flatMap((bit, i) =>
    bit === '1' ? [{ x: 60 + 4 * i, y: 50, width: 4, height: 150, value: 0 }] : [],
  );
  return drawing(120 + 4 * modules.length, 250, 255, bars);
}
