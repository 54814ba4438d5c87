import { twoRectangles } from '../harness/drawing.ts';
import { run } from '../harness/run.ts';

test('contours, components and objects agree on two rectangles', async () => {
  const { measured: outlined } = await run('contours', await twoRectangles());
  const { measured: labeled } = await run('connected-components', await twoRectangles());
  const { measured: table } = await run('measure-objects', await twoRectangles(), {
    pixelSize: { x: 0.5, unit: 'mm' },
  });
  expect([outlined.count, labeled.count, table.count]).toEqual([2, 2, 2]);
  expect(outlined.objects.map(({ boundingBox }: { boundingBox: object }) => boundingBox)).toContainEqual({
    x: 120,
    y: 40,
    width: 30,
    height: 50,
  });
  expect(labeled.objects.map(({ area }: { area: number }) => area).sort()).toEqual([1200, 1500]);
  const flat = table.objects.find(({ boundingBox }: { boundingBox: { width: number } }) => boundingBox.width === 60);
  expect(flat.orientation).toBeCloseTo(0, 5);
  expect(flat.intensity.gray.mean).toBeCloseTo(200, 5);
  expect(flat.solidity).toBeCloseTo(1, 5);
  expect(flat).toMatchObject({ area: 1200, physical: { unit: 'mm', area: 300 } });
  expect(flat.majorAxis / flat.minorAxis).toBeCloseTo(Math.sqrt((60 ** 2 - 1) / (20 ** 2 - 1)), 3);
});
