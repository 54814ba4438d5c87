import sharp, { type Sharp } from 'sharp';
import { fixture } from '../harness/fixtures.ts';
import { grayPixels } from '../harness/pixels.ts';
import { run, runSteps } from '../harness/run.ts';

const onThePerson = [
  [225, 120],
  [200, 300],
  [100, 400],
  [280, 260],
];
const behind = [
  [20, 100],
  [430, 120],
  [350, 60],
  [60, 40],
];

test('a person is white, what is behind is black', async () => {
  const { bytes } = await run('people-cutout', 'astronaut.png', { background: 'mask' });
  const mask = await grayPixels(bytes);
  const at = ([x, y]: number[]) => mask[512 * y + x];
  expect(onThePerson.map(at)).toEqual(onThePerson.map(() => 255));
  expect(behind.map(at)).toEqual(behind.map(() => 0));
});

test('a cutout is found again before another background, along its edges too', async () => {
  const { bytes: cutout, contentType } = await run('people-cutout', 'astronaut.png');
  expect(contentType).toBe('image/png');
  const truth = await sharp(cutout).extractChannel('alpha').raw().toBuffer();
  const scene = await sharp(fixture('coffee.png'))
    .resize(512, 512, { fit: 'fill' })
    .blur(4)
    .composite([{ input: Buffer.from(cutout) }])
    .png()
    .toBuffer();
  const mask = await grayPixels((await run('people-cutout', scene, { background: 'mask' })).bytes);
  const both = truth.filter((opacity, i) => opacity > 127 && mask[i] > 127).length;
  const either = truth.filter((opacity, i) => opacity > 127 || mask[i] > 127).length;
  expect(both / either).toBeGreaterThan(0.95);
});

test('a person who is small in the picture is found as well', async () => {
  const person = await sharp((await run('people-cutout', 'astronaut.png')).bytes)
    .resize(256)
    .png()
    .toBuffer();
  const plain = { create: { width: 1200, height: 900, channels: 3, background: '#8a9aa0' } } as const;
  const scene = await sharp(plain)
    .composite([{ input: person, left: 700, top: 644 }])
    .png()
    .toBuffer();
  const mask = await grayPixels((await run('people-cutout', scene, { background: 'mask' })).bytes);
  const at = ([x, y]: number[]) => mask[1200 * (644 + y / 2) + 700 + Math.floor(x / 2)];
  expect(onThePerson.map(at)).toEqual(onThePerson.map(() => 255));
  expect(mask[1200 * 300 + 300]).toBe(0);
});

test('the background is replaced or blurred, and the person stays as it is', async () => {
  const samples = async (file: Uint8Array) => sharp(file).removeAlpha().raw().toBuffer();
  const before = await samples(fixture('astronaut.png'));
  const pixel = (image: Buffer, [x, y]: number[]) => [...image.subarray(3 * (512 * y + x), 3 * (512 * y + x) + 3)];
  const colored = await samples(
    (await run('people-cutout', 'astronaut.png', { background: 'color', color: '#102030' })).bytes,
  );
  const blurred = await samples((await run('people-cutout', 'astronaut.png', { background: 'blur', blur: 3 })).bytes);
  for (const point of onThePerson) {
    expect(pixel(colored, point)).toEqual(pixel(before, point));
    expect(pixel(blurred, point)).toEqual(pixel(before, point));
  }
  for (const point of behind) expect(pixel(colored, point)).toEqual([16, 32, 48]);
  // Stars of the flag, 20 pixels each.
  const contrast = (image: Buffer) => {
    const values = Array.from({ length: 60 }, (_, y) => image[3 * (512 * (30 + y) + 20)]);
    return Math.max(...values) - Math.min(...values);
  };
  expect(contrast(blurred)).toBeLessThan(0.5 * contrast(before));
});

test('a step that knows no transparency sees the cutout on white', async () => {
  const { bytes } = await runSteps('astronaut.png', [{ operation: 'people-cutout' }, { operation: 'gaussian-blur' }]);
  expect((await sharp(bytes).metadata()).hasAlpha).toBe(false);
  expect([...(await sharp(bytes).raw().toBuffer()).subarray(3 * (512 * 100 + 20), 3 * (512 * 100 + 20) + 3)]).toEqual([
    255, 255, 255,
  ]);
});

test('a picture without anybody has an empty mask', async () => {
  const plain = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7f8f6f' } })
    .png()
    .toBuffer();
  expect((await run('people-cutout', plain)).measured.peopleFraction).toBe(0);
});

test.each([
  'box.png',
  'box_in_scene.png',
  'chelsea.png',
  'coffee.png',
  'coins.png',
  'fruits.jpg',
  'graf1.png',
  'graf3.png',
  'leuvenA.jpg',
  'leuvenB.jpg',
])('nobody is seen in %s', async (photo) => {
  const { bytes, measured } = await run('people-cutout', photo);
  expect(measured).toEqual({ people: 0, peopleFraction: 0 });
  expect((await sharp(bytes).extractChannel('alpha').raw().toBuffer()).every((opacity) => opacity === 0)).toBe(true);
});

test('beside a person, a thing that the model takes for one stays behind', async () => {
  const person = (await run('people-cutout', 'astronaut.png')).bytes;
  const cat = await sharp(fixture('chelsea.png')).resize(500).toBuffer();
  const plain = { create: { width: 1200, height: 700, channels: 3, background: '#8a9aa0' } } as const;
  const scene = await sharp(plain)
    .composite([
      { input: Buffer.from(person), left: 0, top: 188 },
      { input: cat, left: 680, top: 200 },
    ])
    .png()
    .toBuffer();
  const kept = async (regions: string) => {
    const { bytes, measured } = await run('people-cutout', scene, { background: 'mask', regions });
    const mask = await grayPixels(bytes);
    const at = (x: number, y: number) => mask[1200 * y + x];
    return { people: measured.people, person: at(200, 488), cat: at(900, 350) };
  };
  expect(await kept('confirmed')).toEqual({ people: 1, person: 255, cat: 0 });
  expect(await kept('all')).toEqual({ people: 1, person: 255, cat: 255 });
});

test.each([
  ['in gray', (image: Sharp) => image.grayscale()],
  ['in the dark', (image: Sharp) => image.linear(0.35)],
  ['mirrored and small', (image: Sharp) => image.flop().resize(200)],
  ['turned by 15°', (image: Sharp) => image.rotate(15, { background: '#8a9aa0' })],
  ['large', (image: Sharp) => image.resize(2000)],
])('a portrait %s is cut out', async (_, change) => {
  const portrait = await change(sharp(fixture('astronaut.png')))
    .png()
    .toBuffer();
  const { measured } = await run('people-cutout', portrait);
  expect(measured.people).toBe(1);
  expect(measured.peopleFraction).toBeGreaterThan(0.3);
});
