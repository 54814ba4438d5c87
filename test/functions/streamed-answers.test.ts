/** Answers that are streamed, read by clients that are slow, leave, or do not read at all. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Endpoint } from '../../functions/endpoint.ts';
import { defineEndpoint } from '../../lib/http/calls/call.ts';
import type { PaceLimits } from '../../lib/http/paced-body.ts';
import { type LocalHost, serveFunctions } from '../harness/local-host.ts';

process.env.AzureWebJobsStorage = 'UseDevelopmentStorage=true';

const chunk = Buffer.alloc(64 * 2 ** 10);
const totalChunks = 4096;
/** What the buffers of two connections on one machine may hold of an answer that nobody reads. */
const heldAtMost = 32 * 2 ** 20;

interface Source {
  chunks: number;
  released: Promise<unknown>;
}

let sources: Source[] = [];
/** 256 MB, and a count of what was taken of them. */
function source(failAt = Number.POSITIVE_INFINITY): Readable {
  const { promise: released, resolve } = Promise.withResolvers<void>();
  const taken: Source = { chunks: 0, released };
  sources.push(taken);
  const body = new Readable({
    read() {
      if (taken.chunks === failAt) this.destroy(new Error('The storage is away.'));
      else this.push(taken.chunks++ < totalChunks ? chunk : null);
    },
  });
  body.once('close', resolve);
  return body;
}

let host: LocalHost;
beforeAll(async () => {
  host = await serveFunctions(async () => {
    const { endpoint } = await import('../../functions/endpoint.ts');
    const call = (id: string, body: () => Readable): Endpoint =>
      endpoint(
        defineEndpoint({
          id,
          tag: 'service',
          method: 'GET',
          route: id,
          summary: '',
          answers: {},
          problems: [],
          open: true,
        }),
        async () => ({ body: body() }),
      );
    return { long: call('long', () => source()).handler, broken: call('broken', () => source(100)).handler };
  });
});
afterAll(() => host.stop());
beforeEach(() => {
  sources = [];
});

/** Asks, and reads nothing of the answer. */
async function ask(path: string): Promise<Socket> {
  const { port } = new URL(host.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return socket;
}

/** When so many turns of the event loop have taken nothing more from the source. */
async function atRest(): Promise<Source> {
  while (sources.length === 0) await turn();
  const [taken] = sources;
  for (let [seen, turns] = [taken.chunks, 0]; turns < 2000; turns++) {
    await turn();
    if (taken.chunks !== seen) [seen, turns] = [taken.chunks, 0];
  }
  return taken;
}

test('little is taken from the source of an answer that nobody reads, and it is released when the client leaves', async () => {
  const socket = await ask('/api/long');
  const taken = await atRest();
  expect(taken.chunks * chunk.length).toBeLessThan(heldAtMost);
  socket.destroy();
  await taken.released;
  expect(taken.chunks * chunk.length).toBeLessThan(heldAtMost);
});

test('a client that begins to read late gets the whole answer', async () => {
  const socket = await ask('/api/long');
  const taken = await atRest();
  let bytes = 0;
  for await (const part of socket) {
    bytes += (part as Buffer).length;
    if (bytes > totalChunks * chunk.length && taken.chunks > totalChunks) break;
  }
  expect(bytes).toBeGreaterThan(totalChunks * chunk.length);
});

test('an answer whose source fails is broken off, not ended as if it were whole', async () => {
  const response = await fetch(`${host.url}/api/broken`);
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(host.logged.filter((line) => line.includes('"event":"response-aborted"'))).toEqual([
    expect.stringContaining('The storage is away.'),
  ]);
});

describe('limits', () => {
  let server: Server;
  let limits: PaceLimits;
  let broken: PromiseWithResolvers<unknown>;
  beforeAll(async () => {
    const { pacedBody } = await import('../../lib/http/paced-body.ts');
    server = createServer(async (request, response) => {
      const id = String(request.headers['x-ms-invocation-id']);
      for await (const part of pacedBody(source(), id, broken.resolve, limits)) response.write(part);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  beforeEach(() => {
    broken = Promise.withResolvers();
  });

  const askDirectly = () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nx-ms-invocation-id: 1\r\n\r\n');
    return socket;
  };

  test('a client that takes nothing for too long loses its connection', async () => {
    limits = { stallMs: 50, totalMs: 60_000 };
    const socket = askDirectly().pause();
    expect(String(await broken.promise)).toMatch('takes nothing');
    await sources[0].released;
    socket.destroy();
  });

  test('so does one that takes too long in all', async () => {
    limits = { stallMs: 60_000, totalMs: 1 };
    const socket = askDirectly().resume();
    expect(String(await broken.promise)).toMatch('too l');
    await once(socket, 'close');
  });
});
