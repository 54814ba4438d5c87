/** How the settings name the storage account: those of the Functions host, and nothing else. */
import { dataConnection, storageAccess } from '../../lib/storage/access.ts';
import { connectStorage } from '../../lib/storage/clients.ts';

const name = 'AzureWebJobsStorage';
const managed = { kind: 'managed', clientId: 'c1' };

test('an account that is named is reached at its endpoints, as the app’s identity', () => {
  const values = {
    [`${name}__accountName`]: 'mine',
    [`${name}__credential`]: 'managedidentity',
    [`${name}__clientId`]: 'c1',
  };
  expect(storageAccess(values, name)).toEqual({
    blobUrl: 'https://mine.blob.core.windows.net',
    queueUrl: 'https://mine.queue.core.windows.net',
    tableUrl: 'https://mine.table.core.windows.net',
    identity: managed,
  });
});

test('without `credential` it is reached as the developer who is signed in', () => {
  expect(storageAccess({ [`${name}__accountName`]: 'mine' }, name)).toMatchObject({
    identity: { kind: 'developer', clientId: null },
  });
});

test('endpoints may be elsewhere', () => {
  const values = {
    [`${name}__blobServiceUri`]: 'https://b.example/x/',
    [`${name}__queueServiceUri`]: 'https://q.example',
    [`${name}__tableServiceUri`]: 'https://t.example',
  };
  expect(storageAccess(values, name)).toMatchObject({ blobUrl: 'https://b.example/x', tableUrl: 'https://t.example' });
  expect(() => storageAccess({ ...values, [`${name}__tableServiceUri`]: '' }, name)).toThrow('are needed together');
});

test('a key beside an identity is a mistake, and is named', () => {
  const values = { [name]: 'UseDevelopmentStorage=true', [`${name}__accountName`]: 'mine' };
  expect(() => storageAccess(values, name)).toThrow('exclude each other');
  expect(() => storageAccess({}, name)).toThrow(`${name}: is missing`);
});

test('the data are in the host’s account, unless another is named', () => {
  expect(dataConnection({ [`${name}__accountName`]: 'mine', TESSERA_STORAGE__accountName: '' })).toBe(name);
  expect(dataConnection({ [`${name}__accountName`]: 'mine', TESSERA_STORAGE__accountName: 'data' })).toBe(
    'TESSERA_STORAGE',
  );
});

test('a client of an identity has no key to sign with', async () => {
  const access = storageAccess({ [`${name}__accountName`]: 'mine', [`${name}__credential`]: 'managedidentity' }, name);
  const { blobs } = await connectStorage(access);
  const link = async () =>
    blobs.getContainerClient('inputs').getBlobClient('a').generateSasUrl({ expiresOn: new Date() });
  await expect(link()).rejects.toThrow(/shared key/i);
});
