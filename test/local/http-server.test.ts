/** The runner's HTTP side by itself: the real `@azure/functions` with functions of the test's own, and no storage. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { FunctionsCore } from '../../local/functions-core.ts';
import { HttpServer, type HttpServerOptions } from '../../local/http-server.ts';
import { Invoker } from '../../local/invocation.ts';
import { ownFunctionsLibrary } from '../harness/functions-library.ts';

const core = new FunctionsCore(() => {});
const options: HttpServerOptions = {
  port: 0,
  routePrefix: 'api',
  functionKeys: ['right-key'],
  origins: ['https://page.example'],
  hostNames: ['tunnel.example'],
  fallback: (_, response) => response.writeHead(404, { 'x-from': 'page' }).end(),
};
let server: HttpServer;
let withoutKeys: HttpServer;
let hostLike: HttpServer;
/** Names of the functions that ran, in order. */
const ran: string[] = [];

beforeAll(async () => {
  core.install();
  const { app } = ownFunctionsLibrary();
  app.setup({ enableHttpStream: true });
  const handler = (name: string) => async (request: { params: Record<string, string> }) => {
    ran.push(name);
    return { jsonBody: { name, params: request.params } };
  };
  app.http('Hello', { methods: ['GET'], authLevel: 'anonymous', route: 'hello', handler: handler('Hello') });
  const silent = () => new Promise<never>(() => {});
  app.http('silent', { methods: ['GET'], authLevel: 'anonymous', route: 'silent', handler: silent });
  app.http('locked', { methods: ['GET'], authLevel: 'function', route: 'locked', handler: handler('locked') });
  app.http('m-rest', { methods: ['GET'], authLevel: 'anonymous', route: 'rest/{*path}', handler: handler('m-rest') });
  app.http('L-early', { methods: ['GET'], authLevel: 'anonymous', route: 'rest/early', handler: handler('L-early') });
  app.http('n-late', {
    methods: ['GET', 'PUT'],
    authLevel: 'anonymous',
    route: 'rest/late',
    handler: handler('n-late'),
  });
  const invoker = new Invoker(core, () => {});
  server = await HttpServer.start(core, invoker, options, () => {});
  const hostRules = { requestIdleMs: 200 };
  hostLike = await HttpServer.start(core, invoker, { ...options, hostRules }, () => {});
  withoutKeys = await HttpServer.start(core, invoker, { ...options, functionKeys: [] }, () => {});
});
afterAll(() => Promise.all([server.stop(), withoutKeys.stop(), hostLike.stop()]));

const portOf = ({ url }: HttpServer) => Number(new URL(url).port);

/** Sends a request as it is written, and reads to the end of the connection. */
async function raw(request: string): Promise<{ status: number; body: string }> {
  const socket = connect(portOf(server), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  const answer = await text(socket);
  return { status: Number(answer.split(' ')[1]), body: answer.slice(answer.indexOf('\r\n\r\n') + 4) };
}

const get = (target: string, host: string) => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

describe('requests that are not like a browser’s', () => {
  test.each([
    ['a path of two slashes', get('//', '127.0.0.1'), 404],
    ['a path that looks like another host', get('//other.example/api/hello', '127.0.0.1'), 404],
    ['an absolute target that is no URL', get('http://[/api', '127.0.0.1'), 400],
    ['an absolute target of another host', get('http://other.example/api/hello', '127.0.0.1'), 400],
    ['an absolute target of this host', get('http://127.0.0.1/api/hello', '127.0.0.1'), 200],
    ['no Host, in HTTP/1.0', 'GET /api/hello HTTP/1.0\r\n\r\n', 200],
    ['a Host that is an open bracket', get('/api/hello', '['), 400],
    ['a Host with a space', get('/api/hello', 'a b'), 400],
    ['a Host with a port that does not exist', get('/api/hello', '127.0.0.1:99999'), 400],
    ['a Host with a user', get('/api/hello', 'user@127.0.0.1'), 400],
    ['a Host with a path', get('/hello', '127.0.0.1/api'), 400],
    ['an escape that is no UTF-8', get('/api/rest/%zz', '127.0.0.1'), 200],
  ])('%s is answered, and the server goes on', async (_, request, status) => {
    expect((await raw(request)).status).toBe(status);
    expect((await fetch(`${server.url}/api/hello`)).status).toBe(200);
  });
});

describe('the Host of a request', () => {
  test.each(['localhost', 'LOCALHOST:7071', 'app.localhost', '127.0.0.1', '127.1', '[::1]:7071', 'tunnel.example'])(
    '%s is served',
    async (host) => {
      expect((await raw(get('/api/hello', host))).status).toBe(200);
    },
  );

  test.each(['evil.example', 'localhost.evil.example', '192.168.1.5', '[2001:db8::1]', '0.0.0.0'])(
    '%s, whose page a browser may be showing, is not: neither functions nor page',
    async (host) => {
      const before = ran.length;
      const refused = await raw(get('/api/hello', host));
      expect(refused.status).toBe(421);
      expect(JSON.parse(refused.body).detail).toContain('--host-names');
      expect((await raw(get('/', host))).status).toBe(421);
      expect(ran).toHaveLength(before);
    },
  );
});

describe('a function that asks for a key', () => {
  test('says so in a problem', async () => {
    const refused = await fetch(`${server.url}/api/locked`, { headers: { 'x-functions-key': 'wrong-key' } });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(await refused.json()).toMatchObject({ status: 401, detail: expect.stringContaining('x-functions-key') });
    expect((await fetch(`${server.url}/api/locked?code=right-key`)).status).toBe(200);
  });

  test('names the setting where no key is listed', async () => {
    const refused = await fetch(`${withoutKeys.url}/api/locked?code=`);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('LOCAL_FUNCTION_KEYS') });
  });
});

test('routes are tried in the order of function names, and methods that do not fit are passed over', async () => {
  const nameAt = async (path: string, method = 'GET') =>
    ((await (await fetch(server.url + path, { method })).json()) as { name: string }).name;
  expect(await nameAt('/api/rest/early')).toBe('L-early');
  expect(await nameAt('/api/rest/late')).toBe('m-rest');
  expect(await nameAt('/api/rest/late', 'PUT')).toBe('n-late');
});

test('a page of another origin changes nothing by a request that needs no preflight', async () => {
  const put = (origin: string) => {
    const headers = { Origin: origin, 'Content-Type': 'text/plain' };
    return fetch(`${server.url}/api/rest/late`, { method: 'PUT', headers, body: 'x' });
  };
  const before = ran.length;
  expect((await put('https://evil.example')).status).toBe(403);
  expect((await put('http://127.0.0.1:1')).status).toBe(403);
  expect((await put('null')).status).toBe(403);
  expect(ran).toHaveLength(before);
  expect((await put(server.url)).status).toBe(200);
  expect((await put('https://page.example')).status).toBe(200);
});

test('a listed origin may call, with any header, and no other', async () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/api/hello`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'x-own' },
    });
  const { status, headers } = await preflight('https://page.example');
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, 'https://page.example']);
  expect(headers.get('access-control-allow-methods')).toContain('PUT');
  expect(headers.get('access-control-allow-headers')).toBe('x-own');
  expect((await preflight('https://other.example')).headers.get('access-control-allow-origin')).toBeNull();
});

describe('by the rules of the host', () => {
  test('a request over whose connection nothing comes for long is cut off', async () => {
    await expect(fetch(`${hostLike.url}/api/silent`)).rejects.toThrow();
    expect((await fetch(`${hostLike.url}/api/hello`)).status).toBe(200);
  });

  test('the platform answers for itself without a body, and no preflight is kept', async () => {
    const refused = await fetch(`${hostLike.url}/api/locked`);
    expect([refused.status, await refused.text()]).toEqual([401, '']);
    const { headers } = await fetch(`${hostLike.url}/api/hello`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'GET' },
    });
    expect(headers.get('access-control-allow-origin')).toBe('https://page.example');
    expect(headers.get('access-control-max-age')).toBeNull();
  });
});
