/**
 * Signing in with Microsoft Entra ID, where the deployment wants it: the authorization code flow with PKCE (RFC 7636) for pages
 * without a server of their own. Tokens stay in this tab, and go to the API alone.
 */
import { signal } from '@preact/signals';
import { type SignInConfig, signInConfig } from './base.ts';

interface Tokens {
  access: string;
  refresh: string | null;
  /** In milliseconds since 1970. */
  expiresAt: number;
  /** Who it is, for people. */
  name: string;
}

/** What was begun before the page was left. */
interface Begun {
  state: string;
  verifier: string;
  /** Where to go on. */
  hash: string;
}

const tokensPlace = 'tessera-tokens';
const begunPlace = 'tessera-sign-in';
/** A token is renewed so long before it expires. */
const renewBeforeMs = 60_000;

const tokens = signal<Tokens | null>(JSON.parse(sessionStorage.getItem(tokensPlace) ?? 'null') as Tokens | null);

/** The name of whoever is signed in; null where nobody is. */
export const signedInAs = signal<string | null>(tokens.value?.name ?? null);
/** Whether the service was asked for something that it gives only to those who are signed in. */
export const signInWanted = signal(false);

function keep(next: Tokens | null): void {
  tokens.value = next;
  signedInAs.value = next?.name ?? null;
  if (next) sessionStorage.setItem(tokensPlace, JSON.stringify(next));
  else sessionStorage.removeItem(tokensPlace);
}

/** The address of the page, as the app registration has it. */
const pageUrl = location.origin + location.pathname;

function endpoint({ authority }: SignInConfig, name: string): string {
  return `${authority.replace(/\/$/, '')}/oauth2/v2.0/${name}`;
}

function scopeOf({ clientId }: SignInConfig): string {
  return `openid profile offline_access api://${clientId}/.default`;
}

/** Leaves the page to sign in; it comes back to where it was. */
export async function signIn(): Promise<void> {
  const config = signInConfig as SignInConfig;
  const begun: Begun = { state: randomText(), verifier: randomText(), hash: location.hash };
  sessionStorage.setItem(begunPlace, JSON.stringify(begun));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(begun.verifier));
  const query = new URLSearchParams({
    client_id: config.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: pageUrl,
    scope: scopeOf(config),
    state: begun.state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  });
  location.assign(`${endpoint(config, 'authorize')}?${query}`);
}

/** Comes back from signing in: to be called as the page begins. Throws what went wrong there. */
export async function finishSignIn(): Promise<void> {
  const query = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(begunPlace) ?? 'null') as Begun | null;
  const [state, code, error] = ['state', 'code', 'error'].map((name) => query.get(name));
  if (!signInConfig || state === null || (code === null && error === null)) return;
  sessionStorage.removeItem(begunPlace);
  history.replaceState(null, '', pageUrl + (begun?.hash ?? ''));
  // Unlike a click on a link, that tells nobody.
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  // An answer that this tab has not asked for may be somebody else's account.
  if (begun?.state !== state) throw new Error('The sign-in was not begun here. Sign in again.');
  if (code === null) throw new Error(query.get('error_description') ?? `Sign-in failed: ${error}.`);
  await redeem(signInConfig, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: pageUrl,
    code_verifier: begun.verifier,
  });
}

/** Throws where the tokens are refused. */
async function redeem(config: SignInConfig, grant: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ client_id: config.clientId, scope: scopeOf(config), ...grant });
  const response = await fetch(endpoint(config, 'token'), { method: 'POST', body });
  const answer = (await response.json()) as Record<string, string | number | undefined>;
  if (!response.ok) throw new Error(String(answer.error_description ?? `Sign-in failed: ${answer.error}.`));
  keep({
    access: String(answer.access_token),
    refresh: typeof answer.refresh_token === 'string' ? answer.refresh_token : null,
    expiresAt: Date.now() + Number(answer.expires_in) * 1000,
    name: typeof answer.id_token === 'string' ? nameIn(answer.id_token) : (tokens.value?.name ?? 'signed in'),
  });
}

let renewing: Promise<void> | null = null;

/** The token to send; null where nobody is signed in, or not any more. `renew`: the service has refused the one there is. */
export async function accessToken(renew = false): Promise<string | null> {
  const now = tokens.value;
  if (!now || !signInConfig) return null;
  if (!renew && now.expiresAt - renewBeforeMs > Date.now()) return now.access;
  if (now.refresh === null) {
    keep(null);
    return null;
  }
  const grant = { grant_type: 'refresh_token', refresh_token: now.refresh };
  renewing ??= redeem(signInConfig, grant)
    .catch((error: unknown) => {
      // Without a connection, one is still signed in.
      if (error instanceof TypeError) throw error;
      keep(null);
    })
    .finally(() => {
      renewing = null;
    });
  await renewing;
  return tokens.value?.access ?? null;
}

/** Forgets the tokens, and ends the session there. */
export function signOut(): void {
  keep(null);
  const query = new URLSearchParams({ post_logout_redirect_uri: pageUrl });
  location.assign(`${endpoint(signInConfig as SignInConfig, 'logout')}?${query}`);
}

/** For display alone: the service itself checks tokens. */
function nameIn(idToken: string): string {
  const [, payload = ''] = idToken.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const { name, preferred_username: username } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  return String(name ?? username ?? 'signed in');
}

function randomText(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
