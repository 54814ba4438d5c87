/** Code that trapped leaves a heap on which nothing can be deleted; what went wrong first is what is said. */

import { problem } from '../../lib/problems.ts';
import { errorOf } from '../../lib/vision/opencv.ts';
import { Scope } from '../../lib/vision/scope.ts';

/** An object on a heap that is in no order any more. */
const undeletable = {
  delete() {
    throw new RangeError('memory access out of bounds');
  },
};

test('the first error counts, through as many scopes as there are', () => {
  const first = problem('out-of-memory', 'grab-cut needs more than 1024 MB.');
  const nested = () => {
    using outer = new Scope();
    outer.own(undeletable);
    using inner = new Scope();
    inner.own(undeletable);
    throw first;
  };
  expect(nested).toThrow(SuppressedError);
  const thrown = (() => {
    try {
      nested();
    } catch (error) {
      return error;
    }
  })();
  expect(errorOf(thrown)).toBe(first);
});
