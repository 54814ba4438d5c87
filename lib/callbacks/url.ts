import { maxCallbackCharacters } from '../limits.ts';
import { problem } from '../problems.ts';

/**
 * Checks what can be told from the URL itself; where it leads is checked when it is called. The hosts on the list
 * (`host` or `host:port`) are the only ones allowed, at private addresses too; without a list any public one is.
 * Throws `invalid-callback-url`.
 */
export function checkCallbackUrl(text: string, allowed: readonly string[]): string {
  const url = text.length <= maxCallbackCharacters ? URL.parse(text) : null;
  if (!url) throw refused(`must be an absolute URL of at most ${maxCallbackCharacters} characters`);
  if (url.username !== '' || url.password !== '') throw refused('must not hold a user or password');
  if (isAllowed(url, allowed)) return checkScheme(url, ['https:', 'http:']);
  if (allowed.length > 0) throw refused(`must be on one of these hosts: ${allowed.join(', ')}`);
  return checkScheme(url, ['https:']);
}

/** Whether the URL's host is on the list. */
export function isAllowed({ host, hostname }: URL, allowed: readonly string[]): boolean {
  return allowed.includes(host) || allowed.includes(hostname);
}

function checkScheme({ protocol, href }: URL, schemes: string[]): string {
  if (!schemes.includes(protocol)) throw refused(`must begin with ${schemes.map((name) => `${name}//`).join(' or ')}`);
  return href;
}

function refused(rule: string) {
  return problem('invalid-callback-url', `callbackUrl ${rule}.`, { field: 'callbackUrl' });
}
