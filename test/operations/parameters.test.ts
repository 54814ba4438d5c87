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
  ['grab-cut', { foreground: [{ points: [] }] }, 'foreground.0.points'],
  ['inpaint', { mask: [{ points: [[1, 2]], radius: 0 }] }, 'mask.0.radius'],
  ['redact', {}, 'areas'],
  ['redact', { areas: [] }, 'areas'],
  ['redact', { areas: [{ left: 1, top: 2, width: 0, height: 4 }] }, 'areas.0.width'],
])('%s refuses %j, naming %s', (operation, params, field) => {
  const refused = expect.objectContaining({
    details: expect.objectContaining({
      type: 'urn:tessera:problem:invalid-parameter',
      field: `steps[0].params.${field}`,
    }),
  });
  expect(() => parseSteps([{ operation, params }])).toThrow(refused);
});
