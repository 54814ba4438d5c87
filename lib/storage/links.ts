import {
  type BlobClient,
  type BlobGenerateSasUrlOptions,
  BlobSASPermissions,
  type ContainerClient,
} from '@azure/storage-blob';
import { create } from 'content-disposition';
import type { DelegationKeys } from './delegation-keys.ts';

type SignOptions = BlobGenerateSasUrlOptions & { expiresOn: Date };

/** Makes a URL with a shared access signature of a blob. */
export type LinkSigner = (blob: BlobClient, options: SignOptions) => Promise<string>;

/** By the account's key, which the client has. */
export const signByKey: LinkSigner = (blob, options) => blob.generateSasUrl(options);

/** By a user delegation key: for an identity, which has no other. */
export function signByDelegation(keys: DelegationKeys): LinkSigner {
  return async (blob, options) => blob.generateUserDelegationSasUrl(options, await keys.keyUntil(options.expiresOn));
}

/**
 * When links end that are made now: after half of their lifetime to all of it. Those of the same half are the same, and a browser
 * that has the picture does not ask for it again.
 */
export function linkEnd(lifetimeMs: number, now = Date.now()): Date {
  const step = lifetimeMs / 2;
  return new Date(Math.floor((now + lifetimeMs) / step) * step);
}

export interface LinkOptions {
  /** How long it works at most. */
  lifetimeMs: number;
  contentType: string;
  /** The name under which a browser offers to save the file. */
  fileName: string;
}

/** A URL that lets whoever has it read this one blob for a while. */
export function readLink(
  { links }: { links: LinkSigner },
  container: ContainerClient,
  name: string,
  { lifetimeMs, contentType, fileName }: LinkOptions,
): Promise<string> {
  return links(container.getBlobClient(name), {
    permissions: BlobSASPermissions.from({ read: true }),
    expiresOn: linkEnd(lifetimeMs),
    cacheControl: `private, max-age=${Math.floor(lifetimeMs / 2000)}`,
    contentType,
    // A browser shows pictures, and runs nothing that was handed in as one.
    contentDisposition: contentDisposition(contentType.startsWith('image/') ? 'inline' : 'attachment', fileName),
  });
}

/**
 * A URL that lets whoever has it write this one blob for a while, whole or in blocks, and as often as they want. The permission
 * allows snapshots, leases, tiers and metadata as well; `create` alone allows neither blocks nor sending a file again.
 */
export function writeLink(
  { links }: { links: LinkSigner },
  container: ContainerClient,
  name: string,
  expiresOn: Date,
): Promise<string> {
  const permissions = BlobSASPermissions.from({ create: true, write: true });
  return links(container.getBlobClient(name), { permissions, expiresOn });
}

/** A Content-Disposition header (RFC 6266); half a surrogate pair in the name becomes U+FFFD. */
export function contentDisposition(type: 'inline' | 'attachment', fileName: string): string {
  return create(fileName.toWellFormed(), { type });
}
