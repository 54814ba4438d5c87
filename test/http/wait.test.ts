/** Requests that wait: how often they read, how many there may be, and when they stop. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { HttpRequest } from '@azure/functions';
import { clientLeft } from '../../lib/http/connections.ts';
import { LongPolls, pollDelayMs, type Wait } from '../../lib/http/wait.ts';
import { serveFunctions } from '../harness/local-host.ts';

test.each([
  [0, 1, 50],
  [100, 1, 50],
  [1000, 1, 200],
  [5000, 1, 1000],
  [60_000, 1, 2000],
  [0, 100, 500],
  [1000, 100, 500],
  [60_000, 1000, 5000],
])('after %i ms, of %i who wait, one reads again after %i ms', (elapsed, waiting, delay) => {
  expect(pollDelayMs(elapsed, waiting, 200)).toBe(delay);
});

const never = new AbortController().signal;

function waitFor(state: { etag: string; done: boolean; reads: number }, more: Partial<Wait<typeof state>> = {}) {
  return {
    request: { headers: new Headers() } as HttpRequest,
    owner: 'anna',
    seconds: 3600,
    clientLeft: never,
    read: async () => {
      state.reads++;
      return { ...state };
    },
    isDone: ({ done }: typeof state) => done,
    ...more,
  };
}

test('what is done already is answered at once, with a single read', async () => {
  const state = { etag: '1', done: true, reads: 0 };
  expect(await new LongPolls().wait(waitFor(state))).toMatchObject({ done: true });
  expect(state.reads).toBe(1);
});

test('a change ends the wait of one who knows the version before, and no other', async () => {
  const state = { etag: '1', done: false, reads: 0 };
  const request = { headers: new Headers({ 'If-None-Match': '1' }) } as HttpRequest;
  const polls = new LongPolls();
  const ends: string[] = [];
  const informed = polls.wait(waitFor(state, { request })).then(() => ends.push('informed'));
  const other = polls.wait(waitFor(state)).then(() => ends.push('other'));
  state.etag = '2';
  await informed;
  expect(ends).toEqual(['informed']);
  state.done = true;
  await other;
});

test('a caller with too many waits is told so; others, and those without a wait, are not', async () => {
  const polls = new LongPolls({ maxWaits: 2, readsPerSecond: 1000 });
  const state = { etag: '1', done: false, reads: 0 };
  const waits = [polls.wait(waitFor(state)), polls.wait(waitFor(state))];
  const refused = { details: { type: 'urn:tessera:problem:rate-limited', field: 'wait', limit: 2, retryAfter: 5 } };
  while (state.reads < 2) await turn();
  await expect(polls.wait(waitFor(state))).rejects.toMatchObject(refused);
  expect(await polls.wait(waitFor(state, { seconds: 0 }))).toMatchObject({ done: false });
  const other = polls.wait(waitFor(state, { owner: 'bela' }));
  state.done = true;
  await Promise.all([...waits, other]);
  state.done = false;
  const again = polls.wait(waitFor(state));
  state.done = true;
  expect(await again).toMatchObject({ done: true });
});

test('a client that leaves ends its wait', async () => {
  const state = { etag: '1', done: false, reads: 0 };
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const host = await serveFunctions(async () => ({
    wait: async (request, { invocationId }) => {
      const left = clientLeft(invocationId);
      begun.resolve();
      await new LongPolls().wait(waitFor(state, { request, clientLeft: left }));
      ended.resolve();
      return { status: 204 };
    },
  }));
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /api/wait HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await begun.promise;
  socket.destroy();
  await ended.promise;
  expect(state.done).toBe(false);
  await host.stop();
}, 20_000);
