/** The keys that sign an identity's links: few requests, and no link that outlives its key. */
import { setImmediate as turn } from 'node:timers/promises';
import type { UserDelegationKey } from '@azure/storage-blob';
import fc from 'fast-check';
import { DelegationKeys } from '../../lib/storage/delegation-keys.ts';

const hour = 3600_000;
const minute = 60_000;

/** A service that gives keys out, at a time of the test's own, and the keys kept of it. */
class Service {
  now = Date.UTC(2026, 0, 1);
  asked: { startsOn: Date; expiresOn: Date }[] = [];
  isAway = false;
  readonly keys = new DelegationKeys(
    async (startsOn, expiresOn) => {
      this.asked.push({ startsOn, expiresOn });
      await turn();
      if (this.isAway) throw new Error('The service is away.');
      return { signedStartsOn: startsOn, signedExpiresOn: expiresOn } as UserDelegationKey;
    },
    () => this.now,
  );

  /** A key for a link of that length. */
  keyFor(ms: number): Promise<UserDelegationKey> {
    return this.keys.keyUntil(new Date(this.now + ms));
  }
}

test('links at the same time, and those of the hours after, share one request', async () => {
  const service = new Service();
  await Promise.all(Array.from({ length: 50 }, () => service.keyFor(15 * minute)));
  service.now += 2 * hour;
  await service.keyFor(15 * minute);
  expect(service.asked).toHaveLength(1);
  const [{ startsOn, expiresOn }] = service.asked;
  expect(expiresOn.getTime() - startsOn.getTime()).toBeLessThan(7 * 24 * hour);
  expect(startsOn.getTime()).toBeLessThan(Date.UTC(2026, 0, 1));
});

test('past half of its life a key is renewed while it still serves', async () => {
  const service = new Service();
  const first = await service.keyFor(15 * minute);
  service.now += 3.5 * hour;
  expect(await service.keyFor(15 * minute)).toBe(first);
  await turn();
  await turn();
  expect(await service.keyFor(15 * minute)).not.toBe(first);
  expect(service.asked).toHaveLength(2);
});

test('while the service is away the old key serves as long as links end before it, and then the failure is told', async () => {
  const service = new Service();
  const first = await service.keyFor(15 * minute);
  service.isAway = true;
  service.now += 5 * hour;
  expect(await service.keyFor(15 * minute)).toBe(first);
  service.now += hour;
  await expect(service.keyFor(15 * minute)).rejects.toThrow('away');
  service.isAway = false;
  expect(await service.keyFor(15 * minute)).not.toBe(first);
});

test('a longer link waits for a key of its own, also where one for a shorter link is being asked for', async () => {
  const service = new Service();
  const [, long] = await Promise.all([service.keyFor(minute), service.keyFor(24 * hour)]);
  expect(long.signedExpiresOn.getTime()).toBeGreaterThanOrEqual(service.now + 24 * hour);
});

test('links of many lengths at the same time each get a key that outlives them', async () => {
  const service = new Service();
  const hours = [0.02, 7, 8, 13, 15, 24, 23, 5, 11];
  const keys = await Promise.all(hours.map((length) => service.keyFor(length * hour)));
  for (const [i, { signedExpiresOn }] of keys.entries())
    expect(signedExpiresOn.getTime()).toBeGreaterThanOrEqual(service.now + hours[i] * hour);
});

test('a service whose keys end too soon gets no link signed', async () => {
  const keys = new DelegationKeys(async (startsOn) => {
    const signedExpiresOn = new Date(Date.now() + minute);
    return { signedStartsOn: startsOn, signedExpiresOn } as UserDelegationKey;
  });
  await expect(keys.keyUntil(new Date(Date.now() + hour))).rejects.toThrow('no key that is good until');
});

test('no link outlives its key, whatever is asked for when', async () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 8 * hour }),
    linkMs: fc.integer({ min: 1, max: 24 * hour }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const service = new Service();
      for (const { waitMs, linkMs } of steps) {
        service.now += waitMs;
        const key = await service.keyFor(linkMs);
        expect(key.signedExpiresOn.getTime()).toBeGreaterThanOrEqual(service.now + linkMs);
        expect(service.now + linkMs - key.signedStartsOn.getTime()).toBeLessThanOrEqual(7 * 24 * hour);
      }
    }),
  );
});
