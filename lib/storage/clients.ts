import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import type { StorageAccess } from './access.ts';
import { DelegationKeys } from './delegation-keys.ts';
import { type LinkSigner, signByDelegation, signByKey } from './links.ts';

export interface StorageClients {
  blobs: BlobServiceClient;
  queues: QueueServiceClient;
  table(name: string): TableClient;
  links: LinkSigner;
}

/** Most failures are over in a moment. */
const retryDelays = { retryDelayInMs: 300, maxRetryDelayInMs: 5000 };

/** Clients of an account's services. A request that fails for the account's reasons is tried again `retries` times. Nothing is asked yet. */
export async function connectStorage(access: StorageAccess, { retries = 3 } = {}): Promise<StorageClients> {
  const options = { retryOptions: { maxTries: 1 + retries, ...retryDelays } };
  const tableOptions = { retryOptions: { maxRetries: retries, ...retryDelays } };
  if (typeof access === 'string') {
    // Azurite is served over plain HTTP; a real account's connection string says https and is not affected.
    const insecure = { ...tableOptions, allowInsecureConnection: true };
    return {
      blobs: BlobServiceClient.fromConnectionString(access, options),
      queues: QueueServiceClient.fromConnectionString(access, options),
      table: (name) => TableClient.fromConnectionString(access, name, insecure),
      links: signByKey,
    };
  }
  // Loaded where it is used: it is the largest of all libraries here.
  const { credentialOf } = await import('./identity.ts');
  const credential = credentialOf(access.identity);
  const blobs = new BlobServiceClient(access.blobUrl, credential, options);
  return {
    blobs,
    queues: new QueueServiceClient(access.queueUrl, credential, options),
    table: (name) => new TableClient(access.tableUrl, name, credential, tableOptions),
    links: signByDelegation(
      new DelegationKeys((startsOn, expiresOn) => blobs.getUserDelegationKey(startsOn, expiresOn)),
    ),
  };
}
