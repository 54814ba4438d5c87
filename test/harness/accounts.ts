import { connectStorage } from '../../lib/storage/clients.ts';

/** Names of the blobs in an account, and the keys of the rows of its table `tasks`, that hold `text`; all, if it is left out. */
export async function tracesIn(connection: string, text = ''): Promise<string[]> {
  const { blobs, table } = await connectStorage(connection);
  const containers = ['inputs', 'results'].map((name) => blobs.getContainerClient(name).listBlobsFlat());
  const names = await Promise.all(containers.map((list) => Array.fromAsync(list, ({ name }) => name)));
  const rows = await Array.fromAsync(
    table('tasks').listEntities(),
    ({ partitionKey, rowKey }) => `${partitionKey} ${rowKey}`,
  );
  return [...names.flat(), ...rows].filter((name) => name.includes(text));
}

/** How many results of a job lie in an account. */
export async function resultsIn(connection: string, jobId: string): Promise<number> {
  const traces = await tracesIn(connection, jobId);
  return traces.filter((name) => name.endsWith('/result')).length;
}
