/** Tokens of pages: what was given comes back as it was, and nothing else is taken. */

import fc from 'fast-check';
import { imageName } from '../../lib/http/image-names.ts';
import { type Position, positionFrom, tokenOf } from '../../lib/http/paging.ts';
import { maxTokenCharacters } from '../../lib/limits.ts';
import { newJobId } from '../../lib/model/ids.ts';
import type { Problem } from '../../lib/problems.ts';
import { positionOf } from '../../lib/storage/owner-index.ts';

type List = Parameters<typeof positionFrom>[0];

const job = fc
  .date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((createdAt) => positionOf({ id: newJobId(), createdAt }));
const task = fc.integer({ min: 0, max: 99_999 });
const position: fc.Arbitrary<[List, Position]> = fc.oneof(
  fc.record({ job }).map((position): [List, Position] => ['jobs', position]),
  fc.record({ job, task }, { requiredKeys: ['job'] }).map((position): [List, Position] => ['tasks', position]),
  fc.record({ task }).map((position): [List, Position] => ['jobTasks', position]),
  fc
    .record({ marker: fc.string({ minLength: 1, maxLength: 1000, unit: 'grapheme' }) })
    .map((position): [List, Position] => ['uploads', position]),
);

function isRefused(list: List, token: string): boolean {
  try {
    positionFrom(list, token);
    return false;
  } catch (error) {
    expect((error as Problem).details).toMatchObject({ status: 400, field: 'continuation' });
    return true;
  }
}

test('a list goes on where its token says', () => {
  fc.assert(fc.property(position, ([list, given]) => expect(positionFrom(list, tokenOf(given))).toEqual(given)));
  expect(positionFrom('tasks', undefined)).toBeNull();
});

test('the token of another list is refused, but that of all jobs, which is one of all tasks', () => {
  fc.assert(
    fc.property(position, fc.constantFrom<List>('jobs', 'tasks', 'jobTasks', 'uploads'), ([list, given], other) => {
      const same = list === other || ('job' in given && !('task' in given) && (other === 'jobs' || other === 'tasks'));
      expect(isRefused(other, tokenOf(given))).toBe(!same);
    }),
  );
});

test('a token with a character changed, left out or added is refused, or stands for another position', () => {
  fc.assert(
    fc.property(
      position,
      fc.nat(),
      fc.constantFrom('', 'A', '=', '!', ' ', 'é'),
      fc.nat(1),
      ([list, given], at, put, left) => {
        const token = tokenOf(given);
        const i = at % (token.length + 1);
        const changed = token.slice(0, i) + put + token.slice(i + left);
        fc.pre(changed !== token);
        if (!isRefused(list, changed)) expect(positionFrom(list, changed)).not.toEqual(given);
      },
    ),
    { numRuns: 500 },
  );
});

test('garbage is refused', () => {
  const lists: List[] = ['jobs', 'tasks', 'jobTasks', 'uploads'];
  const encoded = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), encoded), fc.constantFrom(...lists), (token, list) =>
      expect(isRefused(list, token)).toBe(true),
    ),
  );
});

test('the token after the longest name of an image is not too long for the query', () => {
  const name = '日'.repeat(400);
  expect(imageName.safeParse(name).success).toBe(true);
  // The storage writes the name in Base64, with a few numbers before it.
  const marker = `2!2000!${Buffer.from(`000000!uploads/${'o'.repeat(64)}/${name}`).toString('base64')}`;
  const token = tokenOf({ marker });
  expect(token.length).toBeLessThanOrEqual(maxTokenCharacters);
  expect(positionFrom('uploads', token)).toEqual({ marker });
});
