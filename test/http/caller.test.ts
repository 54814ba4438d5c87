/** Whose a request is: the same caller's after its key was replaced, where the keys have a name. */
import { createHash } from 'node:crypto';
import { HttpRequest } from '@azure/functions';
import { readSettings } from '../../lib/config/settings.ts';
import { type KeyNames, ownerOf } from '../../lib/http/caller.ts';

const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');

function named(list: string): KeyNames {
  return readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', KEY_NAMES: list }).keyNames;
}

function owner(key: string, names: string): string {
  const headers = { 'x-functions-key': key };
  return ownerOf(new HttpRequest({ url: 'http://127.0.0.1/api/tasks', method: 'GET', headers }), 'key', named(names));
}

test('a key that takes the place of another of its name has the same caller', () => {
  const names = `lab=${sha256('old')}, lab=${sha256('new')}, studio=${sha256('other')}`;
  expect(owner('new', names)).toBe(owner('old', names));
  expect(new Set(['old', 'other', 'unknown'].map((key) => owner(key, names))).size).toBe(3);
});

test('a key without a name is a caller by itself, which a name can stand for later', () => {
  const before = owner('old', '');
  expect(before).toBe(`key-${sha256('old').slice(0, 32)}`);
  expect(owner('new', `${before}=${sha256('new')}`)).toBe(before);
});

test('a name cannot be mistaken for another kind of caller', () => {
  expect(owner('key', `anonymous=${sha256('key')}`)).not.toBe('anonymous');
});
