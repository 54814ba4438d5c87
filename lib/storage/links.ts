import type { BlobClient, BlobGenerateSasUrlOptions } from '@azure/storage-blob';
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

/** A Content-Disposition header (RFC 6266); half a surrogate pair in the name becomes U+FFFD. */
export function contentDisposition(type: 'inline' | 'attachment', fileName: string): string {
  return create(fileName.toWellFormed(), { type });
}
