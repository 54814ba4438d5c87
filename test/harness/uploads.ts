import type { BlobHTTPHeaders, ContainerClient } from '@azure/storage-blob';
import { uploadBlob } from '../../lib/storage/blobs.ts';
import { declaredLengthHeader } from '../../lib/storage/declared-length.ts';

/** Uploads a file of the caller `anonymous` in one block, as a link's holder does; no link is asked for. */
export async function putUpload(
  inputs: ContainerClient,
  name: string,
  bytes: Buffer,
  blobHTTPHeaders: BlobHTTPHeaders = {},
): Promise<void> {
  const blob = uploadBlob('anonymous', name);
  const metadata = Object.fromEntries(
    Object.entries(declaredLengthHeader(inputs, blob, bytes.length)).map(([header, value]) => [
      header.replace('x-ms-meta-', ''),
      value,
    ]),
  );
  const client = inputs.getBlockBlobClient(blob);
  await client.stageBlock('MDAw', bytes, bytes.length);
  await client.commitBlockList(['MDAw'], { blobHTTPHeaders, metadata });
}
