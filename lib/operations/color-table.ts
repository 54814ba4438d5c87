import { z } from 'zod';
import { problem } from '../problems.ts';
import { toRgb } from '../vision/channels.ts';
import { applyColorTable, colorTableOf } from '../vision/color-table.ts';
import { count } from '../vision/declaration/measures.ts';
import { defineOperation } from '../vision/declaration/operation.ts';
import { percent } from '../vision/declaration/params.ts';

/** A look from a table of colors: a `.cube` file or a Hald picture as the second image. Use it to give pictures the style of a film or a house. */
export const colorTable = defineOperation({
  name: 'color-table',
  title: 'Color table (LUT)',
  group: 'two images',
  summary: 'Gives the picture the look of a table of colors: the second image is a .cube file or a Hald picture.',
  source: 'Adobe, Cube LUT Specification 1.0; J. Kasson, tetrahedral interpolation, 1995',
  inputs: ['image', 'reference'],
  maxDepth: 16,
  params: z.strictObject({
    strength: percent(0, 100).default(100).describe('how much of the look; 0 leaves the picture as it is'),
  }),
  measures: z.looseObject({
    tableSize: count('entries along each side of the table'),
    tableDimensions: count('dimensions of the table: 1 or 3'),
  }),
  run({ image, reference, scope }, { strength }) {
    const table = colorTableOf(reference);
    if (!table) {
      const shape = `${reference.cols} × ${reference.rows} pixels`;
      throw problem(
        'operation-failed',
        `The second image is no table of colors: neither a .cube file nor a Hald picture in RGB, but one of ${shape}.`,
      );
    }
    const rgb = toRgb(image, scope);
    const result = scope.mat(rgb.rows, rgb.cols, rgb.type());
    applyColorTable(table, rgb, result, strength / 100);
    return { image: result, measurements: { tableSize: table.size, tableDimensions: table.dimensions } };
  },
});
