import { isHeld } from '../../lib/model/lease.ts';

const lease = { instance: 'a', run: 'r', until: 100 };
test.each([
  ['nobody has it', null, 50, true, false],
  ['its holder is alive', lease, 50, true, true],
  ['its holder is known to be dead', lease, 50, false, false],
  ['it was not renewed', lease, 100, true, false],
])('a lease when %s', (_, lease, now, alive, held) => {
  expect(isHeld(lease, now, () => alive)).toBe(held);
});
