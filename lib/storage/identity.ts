import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { Identity } from './access.ts';

/** Tokens for an identity. In Azure only the app's own is asked for: the search of `DefaultAzureCredential` is slow, and may find another. */
export function credentialOf({ kind, clientId }: Identity): TokenCredential {
  if (kind === 'managed')
    return clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return clientId === null
    ? new DefaultAzureCredential()
    : new DefaultAzureCredential({ managedIdentityClientId: clientId, workloadIdentityClientId: clientId });
}
