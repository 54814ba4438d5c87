/** Parameters that no image can make valid are refused with the request, not task by task. */
import { parseSteps } from '../../lib/imaging/steps.ts';

test.each([
  ['custom-kernel', { kernel: [[1, 2], [3]] }, 'kernel'],
  [
    'custom-kernel',
    {
      kernel: [
        [1, 2],
        [3, 4],
      ],
    },
    'kernel',
  ],
  [
    'perspective',
    {
      corners: [
        [0, 0],
        [9, 9],
        [9, 0],
        [0, 9],
      ],
    },
    'corners',
  ],
  [
    'perspective',
    {
      corners: [
        [0, 0],
        [5, 0],
        [9, 0],
        [0, 9],
      ],
    },
    'corners',
  ],
  ['grab-cut', { left: 50, width: 60 }, 'width'],
  ['grab-cut', { top: 50, height: 60 }, 'height'],
  ['grab-cut', { left: 0, top: 0, width: 100, height: 100 }, 'width'],
])('%s refuses %j, naming %s', (operation, params, field) => {
  const refused = expect.objectContaining({
    details: expect.objectContaining({
      type: 'urn:tessera:problem:invalid-parameter',
      field: `steps[0].params.${field}`,
    }),
  });
  expect(() => parseSteps([{ operation, params }])).toThrow(refused);
});
