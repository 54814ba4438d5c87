/** What a process asks of the storage when it starts. */
import { openStorage } from '../../lib/storage/storage.ts';
import { isWrite, StorageProxy } from '../harness/storage-proxy.ts';
import { useAccount } from '../harness/use.ts';

const account = useAccount();

test('an account that has been used is asked once, and nothing is made in it', async () => {
  const proxy = await StorageProxy.start(account.connection);
  try {
    const storage = await openStorage(proxy.connection);
    expect(proxy.requests.map(({ method }) => method)).toEqual(['GET']);
    expect(proxy.requests.filter(isWrite)).toEqual([]);
    expect(await storage.taskQueue.client.exists()).toBe(true);
  } finally {
    proxy.stop();
  }
});
