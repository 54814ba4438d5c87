/** What limits many images, by accounts and bytes. */
import { estimate } from '../../lib/estimate/estimate.ts';
import { azure, type Platform } from '../../lib/estimate/platform.ts';
import type { WallName } from '../../lib/estimate/simulate.ts';
import { parseSteps } from '../../lib/imaging/steps.ts';

const question = { images: 1e6, megapixels: 12, format: 'jpeg', downloads: 1, retentionDays: 7, output: {} } as const;
const steps = parseSteps([{ operation: 'canny' }]);

function wall(name: WallName, platform: Partial<Platform> = {}, bytes?: number): number {
  const { walls } = estimate({ ...question, steps, bytes }, { ...azure, ...platform });
  return walls.find((one) => one.name === name)?.tasksPerSecond ?? Number.NaN;
}

test('further accounts take images and rows, but not the messages of the queue', () => {
  const { requests } = estimate({ ...question, steps });
  const spread = requests.blobs + requests.rows;
  expect(wall('account')).toBeCloseTo(20_000 / (requests.messages + spread));
  expect(wall('account', { accounts: 4 })).toBeCloseTo(20_000 / (requests.messages + spread / 4));
  expect(wall('queue', { accounts: 4 })).toBe(wall('queue'));
});

test('large images are limited by the bytes that an account sends, and each account sends as many', () => {
  expect(wall('bandwidth', {}, 50e6)).toBeCloseTo(50e9 / 8 / 50e6);
  expect(wall('bandwidth', { accounts: 4 }, 50e6)).toBeCloseTo(4 * wall('bandwidth', {}, 50e6));
  expect(wall('bandwidth', {}, 50e6)).toBeLessThan(wall('queue'));
});
