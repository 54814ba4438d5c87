import { problem } from '../../lib/problems.ts';

/** A second image where the steps need one, and none where they don't. */
export function checkReference(needed: boolean, given: boolean): void {
  if (needed && !given)
    throw problem('missing-reference', 'Send the second image as "reference".', { field: 'reference' });
  if (given && !needed)
    throw problem('unexpected-reference', 'Omit "reference", or use an operation that compares two images.', {
      field: 'reference',
    });
}
