/** Timers fire in one instance alone, as the Functions host has it. */
import { BlobServiceClient } from '@azure/storage-blob';
import { type Listener, SingletonListener } from '../../local/singleton-listener.ts';
import { until } from '../harness/until.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();
const config = { lockPeriodMs: 15_000, recoveryMs: 50 };

/** A listener that says whether it is on. */
class Switch implements Listener {
  on = false;
  start() {
    this.on = true;
  }
  stop() {
    this.on = false;
  }
}

function instance(name: string): { inner: Switch; listener: SingletonListener } {
  const inner = new Switch();
  const service = BlobServiceClient.fromConnectionString(account.connection);
  return { inner, listener: new SingletonListener(inner, name, service, config, () => {}) };
}

test('one of several instances fires; when it stops, another takes its place', async () => {
  const all = [instance('a'), instance('a'), instance('a')];
  const others = instance('b');
  for (const { listener } of [...all, others]) listener.start();
  const firing = () => all.filter(({ inner }) => inner.on);
  await until(() => firing().length > 0 && others.inner.on, { what: 'both functions fire' });
  const [first] = firing();
  await first.listener.stop();
  expect(first.inner.on).toBe(false);
  await until(() => firing().length > 0, { what: 'another instance fires' });
  expect(firing()).toHaveLength(1);
  expect(firing()[0]).not.toBe(first);
  for (const { listener } of [...all.filter((one) => one !== first), others]) await listener.stop();
  expect(all.some(({ inner }) => inner.on)).toBe(false);
});

test('an instance whose lock was broken stops firing, and another fires', async () => {
  const [first, second] = [instance('c'), instance('c')];
  first.listener.start();
  await until(() => first.inner.on, { what: 'the first fires' });
  const locks = BlobServiceClient.fromConnectionString(account.connection).getContainerClient('azure-webjobs-hosts');
  await locks.getBlobClient('locks/tessera/Host.Functions.c.Listener').getBlobLeaseClient().breakLease(0);
  second.listener.start();
  await until(() => second.inner.on, { what: 'the second fires' });
  await until(() => !first.inner.on, { what: 'the first notices' });
  await Promise.all([first.listener.stop(), second.listener.stop()]);
});
