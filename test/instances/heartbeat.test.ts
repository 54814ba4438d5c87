/** What an instance last said of itself is what the others read. */

import { Heartbeat } from '../../lib/instances/heartbeat.ts';
import { InstanceStore } from '../../lib/storage/instance-store.ts';
import { openStorage, type Storage } from '../../lib/storage/storage.ts';
import { Account } from '../harness/account.ts';
import { rawTable } from '../harness/storage.ts';

let account: Account;
let storage: Storage;
beforeAll(async () => {
  account = await Account.start();
  storage = await openStorage(account.connection);
});
afterAll(() => account.stop());

test('a sign of life that is slow to be written does not overwrite a later one', async () => {
  const arrived = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let first = true;
  /** As over a network on which the first request takes a detour. */
  class Detour extends InstanceStore {
    override async beat(...facts: Parameters<InstanceStore['beat']>): Promise<void> {
      if (first) {
        first = false;
        arrived.resolve();
        await held.promise;
      }
      await super.beat(...facts);
    }
  }
  const heartbeat = new Heartbeat(new Detour(await rawTable(account.connection, 'instances')), 'w', 3600_000);
  await heartbeat.during('a', async () => {
    const old = heartbeat.announce();
    await arrived.promise;
    await heartbeat.during('b', async () => {
      const latest = heartbeat.announce();
      // Where it need not wait for the first, it is written now.
      await Promise.race([latest, new Promise((resolve) => setTimeout(resolve, 200))]);
      held.resolve();
      await Promise.all([old, latest]);
      expect(await storage.instances.isWorkingOn('w', 'b', new Date(0))).toBe(true);
    });
  });
});
