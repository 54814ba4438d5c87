import type { BlobHTTPHeaders } from '@azure/storage-blob';
import { uploadBlob } from '../../lib/storage/blob-names.ts';
import { declaredLengthHeader } from '../../lib/storage/declared-length.ts';
import { rawContainer } from './storage.ts';
import type { SharedAccount } from './use.ts';

/** Uploads a file of the caller `anonymous` in one block, as a link's holder does; no link is asked for. */
export async function putUpload(
  { connection, storage: { uploadSecret } }: SharedAccount,
  name: string,
  bytes: Buffer,
  blobHTTPHeaders: BlobHTTPHeaders = {},
): Promise<void> {
  const blob = uploadBlob('anonymous', name);
  const metadata = Object.fromEntries(
    Object.entries(declaredLengthHeader(uploadSecret, blob, bytes.length)).map(([header, value]) => [
      header.replace('x-ms-meta-', ''),
      value,
    ]),
  );
  const client = (await rawContainer(connection, 'inputs')).getBlockBlobClient(blob);
  await client.stageBlock('MDAw', bytes, bytes.length);
  await client.commitBlockList(['MDAw'], { blobHTTPHeaders, metadata });
}
