/** The table of objects against scikit-image's regionprops (fixtures/object-table-make.py). */
import '../../lib/imaging/engine-thread.ts';
import sharp from 'sharp';
import { labelRuns } from '../../lib/vision/label-runs.ts';
import { type MeasuredObject, measureObjects } from '../../lib/vision/object-table.ts';
import { cv, loadOpenCv } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';
import { fixture } from '../harness/fixtures.ts';

type Expected = Omit<MeasuredObject, 'solidity' | 'feretMax'> & { convexArea: number; feretMax: number | null };
interface Case {
  height: number;
  width: number;
  /** Runs: value, length, … */
  labels?: number[];
  objects: Expected[];
}
const cases: Record<string, Case> = JSON.parse(fixture('object-table.json').toString());

/** The label image of a case, and the samples that were measured on it. */
async function imageOf({ height, width, labels: runs }: Case): Promise<{ labels: Int32Array; samples: Uint8Array }> {
  if (!runs) return coins(height, width);
  const labels = new Int32Array(width * height);
  for (let k = 0, at = 0; k < runs.length; k += 2) {
    labels.fill(runs[k], at, at + runs[k + 1]);
    at += runs[k + 1];
  }
  const samples = Uint8Array.from(labels, (_, i) => (7 * (i % width) + 13 * Math.floor(i / width)) % 251);
  return { labels, samples };
}

async function coins(height: number, width: number) {
  await loadOpenCv();
  const samples = new Uint8Array(await sharp(fixture('coins.png')).toColorspace('b-w').raw().toBuffer());
  using scope = new Scope();
  const binary = scope.mat(height, width, cv.CV_8UC1);
  (binary.data as Uint8Array).set(samples.map((value) => (value > 107 ? 255 : 0)));
  const labels = scope.mat();
  cv.connectedComponents(binary, labels, 8, cv.CV_32S);
  return { labels: (labels.data32S as Int32Array).slice(), samples };
}

describe.each(Object.entries(cases))('%s', (_, expected) => {
  test('is measured as by scikit-image', async () => {
    const { labels, samples } = await imageOf(expected);
    const { height, width } = expected;
    const count = Math.max(...labels.filter((label) => label < 1e6));
    const found = measureObjects(labelRuns(labels, height, width, count), height, width, count, [
      { name: 'gray', samples },
    ]);
    expect(found).toHaveLength(expected.objects.length);
    // scikit-image numbers components in another order.
    const byPlace = new Map(found.map((object) => [`${object.centroid.x} ${object.centroid.y}`, object]));
    for (const one of expected.objects) {
      const { x, y } = one.centroid;
      const object = byPlace.get(`${Math.round(x * 1e4) / 1e4} ${Math.round(y * 1e4) / 1e4}`) as MeasuredObject;
      expect(object).toMatchObject({
        area: one.area,
        box: one.box,
        eulerNumber: one.eulerNumber,
        intensity: { gray: { min: one.intensity?.min, max: one.intensity?.max, median: one.intensity?.median } },
      });
      for (const name of ['perimeter', 'majorAxis', 'minorAxis', 'eccentricity', 'equivalentDiameter'] as const)
        expect([name, Math.abs(object[name] - one[name]) < 1e-3]).toEqual([name, true]);
      for (const name of ['mean', 'sd', 'sum'] as const)
        expect(object.intensity?.gray[name]).toBeCloseTo((one.intensity as never)[name], 3);
      // A hull's corner may lie on a pixel's center, where rounding decides.
      expect(Math.abs(one.area / object.solidity - one.convexArea)).toBeLessThanOrEqual(1 + one.convexArea / 200);
      if (one.feretMax !== null) expect(Math.abs(object.feretMax - one.feretMax)).toBeLessThan(0.75);
      if (one.eccentricity > 0.1)
        expect(Math.abs(Math.sin(((object.orientation - one.orientation) * Math.PI) / 180))).toBeLessThan(1e-3);
    }
  });
});

test('the least diameter of a turned bar is its width', async () => {
  const [width, height] = [120, 120];
  const labels = new Int32Array(width * height);
  for (let i = 0; i < labels.length; i++) {
    const [dx, dy] = [(i % width) - 60, Math.floor(i / width) - 60];
    const [u, v] = [dx * Math.cos(0.6) + dy * Math.sin(0.6), dy * Math.cos(0.6) - dx * Math.sin(0.6)];
    labels[i] = Math.abs(u) <= 40 && Math.abs(v) <= 5 ? 1 : 0;
  }
  const [bar] = measureObjects(labelRuns(labels, height, width, 1), height, width, 1);
  expect(Math.abs(bar.feretMin - 10)).toBeLessThan(2);
  expect(Math.abs(180 - bar.orientation - (0.6 * 180) / Math.PI)).toBeLessThan(0.5);
  expect(bar.touchesBorder).toBe(false);
});
