import { createHash } from 'node:crypto';
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { problem } from '../problems.ts';

export type AuthMode = 'anonymous' | 'key' | 'entra';

/** What App Service's authentication says of a caller (`x-ms-client-principal`). */
const principal = z.object({ claims: z.array(z.object({ typ: z.string(), val: z.string() })) });
const objectIdClaims = ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'];
const tenantIdClaims = ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'];

/** The names of keys by the SHA-256 of each, in hexadecimal digits: several keys of one name are one caller. */
export type KeyNames = ReadonlyMap<string, string>;

/**
 * Whose request it is, as a name that is fit for keys and paths: everyone's in mode `anonymous`; that of the function
 * key, which the host has checked already; that of the user or app that the platform has authenticated. Throws `sign-in-required`.
 */
export function ownerOf(request: HttpRequest, mode: AuthMode, keyNames: KeyNames): string {
  if (mode === 'anonymous') return 'anonymous';
  if (mode === 'key')
    return keyOwner(request.headers.get('x-functions-key') ?? request.query.get('code') ?? '', keyNames);
  const { claims } = principal.safeParse(decode(request.headers.get('x-ms-client-principal'))).data ?? { claims: [] };
  const claim = (names: string[]) => claims.find(({ typ }) => names.includes(typ))?.val;
  const [tenant, object] = [claim(tenantIdClaims), claim(objectIdClaims)];
  if (tenant === undefined || object === undefined)
    throw problem('sign-in-required', 'Send an access token for this service.');
  return digest('entra', `${tenant}/${object}`);
}

/** The host tells functions a key, but not what it calls it. Without a name, a key that is replaced takes its data with it. */
function keyOwner(key: string, names: KeyNames): string {
  const name = names.get(createHash('sha256').update(key).digest('hex'));
  if (name === undefined) return digest('key', key);
  return unnamed.test(name) ? name : `name-${name}`;
}

/** The owner of a key without a name; as a name, it stands for itself: its data go to the keys that are so called. */
const unnamed = /^key-[0-9a-f]{32}$/;

function digest(kind: string, secret: string): string {
  return `${kind}-${createHash('sha256').update(secret).digest('hex').slice(0, 32)}`;
}

function decode(header: string | null): unknown {
  try {
    return JSON.parse(Buffer.from(header ?? '', 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
