/** A stand-in for Microsoft Entra ID, and for a platform that lets in only those who bring its tokens. */
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<{
  url: string;
  server: Server;
}> {
  const server = createServer(handle);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** Signs everybody in as `user`, by the authorization code flow with PKCE. */
export class EntraStandIn {
  /** Which are good. */
  readonly tokens = new Set<string>();
  user = 'Alice';
  readonly #challenges = new Map<string, string>();
  readonly #refreshTokens = new Set<string>();

  /** Nobody's tokens are good any more. */
  revoke(): void {
    this.tokens.clear();
    this.#refreshTokens.clear();
  }

  /** As after an hour: they can be renewed. */
  expire(): void {
    this.tokens.clear();
  }

  readonly handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (pathname.endsWith('/authorize')) {
      const code = randomUUID();
      this.#challenges.set(code, searchParams.get('code_challenge') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = String(new URLSearchParams({ code, state: searchParams.get('state') ?? '' }));
      response.writeHead(302, { Location: back.href }).end();
    } else if (pathname.endsWith('/logout')) {
      response.writeHead(302, { Location: searchParams.get('post_logout_redirect_uri') ?? '' }).end();
    } else this.#answerToken(new URLSearchParams(await text(request)), response);
  };

  #answerToken(form: URLSearchParams, response: ServerResponse): void {
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      form.get('grant_type') === 'refresh_token'
        ? this.#refreshTokens.delete(form.get('refresh_token') ?? '')
        : this.#challenges.get(form.get('code') ?? '') === verified;
    response.setHeader('Content-Type', 'application/json');
    if (!isGood) {
      response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant', error_description: 'Sign in again.' }));
      return;
    }
    const [access, refresh] = [randomUUID(), randomUUID()];
    this.tokens.add(access);
    this.#refreshTokens.add(refresh);
    const payload = Buffer.from(JSON.stringify({ name: this.user })).toString('base64url');
    const answer = { access_token: access, refresh_token: refresh, expires_in: 3600, id_token: `e30.${payload}.x` };
    response.end(JSON.stringify(answer));
  }
}

/** As App Service with authentication before a function app: CORS first, then the token, then the app with who it is. */
export function platformBefore(appUrl: string, { tokens }: EntraStandIn) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Expose-Headers', '*, Location, ETag');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '');
      response.setHeader('Access-Control-Allow-Methods', request.headers['access-control-request-method'] ?? '');
      response.writeHead(204).end();
      return;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !tokens.has(token)) {
      response.writeHead(401).end();
      return;
    }
    const claims = [
      { typ: 'tid', val: 'contoso' },
      { typ: 'oid', val: 'alice' },
    ];
    const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const answer = await fetch(appUrl + request.url, {
      method: request.method ?? 'GET',
      headers: { ...headers, 'x-ms-client-principal': Buffer.from(JSON.stringify({ claims })).toString('base64') },
      redirect: 'manual',
      ...(hasBody && {
        body: new Uint8Array(await new Response(Readable.toWeb(request) as ReadableStream).arrayBuffer()),
      }),
    });
    for (const [name, value] of answer.headers)
      if (!/^(access-control|content-encoding|content-length|transfer-encoding|connection)/.test(name))
        response.setHeader(name, value);
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  };
}
