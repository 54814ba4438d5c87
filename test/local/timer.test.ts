import { nextOccurrence } from '../../local/timer.ts';

test('timers follow NCRONTAB, seconds first', () => {
  const noon = new Date('2026-01-01T12:00:10Z');
  expect(nextOccurrence('*/30 * * * * *', noon)).toEqual(new Date('2026-01-01T12:00:30Z'));
  expect(nextOccurrence('0 0 3 * * *', noon)).toEqual(new Date('2026-01-02T03:00:00Z'));
  expect(() => nextOccurrence('* * * * *', noon)).toThrow('six fields');
});
