/** Stands on this machine for what gives an app in Azure its identity, so that the storage is reached without a key. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { generate } from 'selfsigned';

const host = '127.0.0.1';
const hour = 3600;
/** Its tokens are for storage alone. */
const audience = 'https://storage.azure.com';

/** What Azurite needs to be reached by identity alone. */
export interface KeylessAccount {
  certificate: string;
  privateKey: string;
  /** The account's key, which nobody is told. */
  accountKey: string;
}

/**
 * The endpoint from which an app's managed identity gets its tokens, as App Service has it (IDENTITY_ENDPOINT), and the
 * certificate of a storage that is reached over HTTPS. Azurite checks a token's issuer, audience and times, not its signature.
 */
export class LocalIdentity {
  /** Path of the certificate, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  readonly account: KeylessAccount;
  readonly #folder: string;
  readonly #server: Server;
  readonly #clientId = randomUUID();
  readonly #principal = { oid: randomUUID(), tid: randomUUID() };
  /** Proves that a request comes from this machine's app. */
  readonly #secret = randomUUID();

  private constructor(folder: string) {
    this.#folder = folder;
    this.certificate = join(folder, 'certificate.pem');
    this.account = {
      certificate: this.certificate,
      privateKey: join(folder, 'key.pem'),
      accountKey: randomBytes(64).toString('base64'),
    };
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** This process trusts the certificate from now on. */
  static async start(): Promise<LocalIdentity> {
    const identity = new LocalIdentity(mkdtempSync(join(tmpdir(), 'tessera-identity-')));
    const pems = await generate([{ name: 'commonName', value: host }], {
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 7, ip: host },
            { type: 2, value: 'localhost' },
          ],
        },
      ],
    });
    writeFileSync(identity.account.certificate, pems.cert);
    writeFileSync(identity.account.privateKey, pems.private, { mode: 0o600 });
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), pems.cert]);
    await once(identity.#server.listen(0, host), 'listening');
    identity.#server.unref();
    return identity;
  }

  /** The settings of an app whose storage is the Azurite with that blob port; no connection string is among them. */
  settings(blobPort: number, account = 'devstoreaccount1'): Record<string, string> {
    const endpoint = (offset: number) => `https://${host}:${blobPort + offset}/${account}`;
    return {
      AzureWebJobsStorage: '',
      AzureWebJobsStorage__blobServiceUri: endpoint(0),
      AzureWebJobsStorage__queueServiceUri: endpoint(1),
      AzureWebJobsStorage__tableServiceUri: endpoint(2),
      AzureWebJobsStorage__credential: 'managedidentity',
      AzureWebJobsStorage__clientId: this.#clientId,
      IDENTITY_ENDPOINT: `http://${host}:${(this.#server.address() as AddressInfo).port}/msi/token`,
      IDENTITY_HEADER: this.#secret,
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #answer({ headers, url }: IncomingMessage, response: ServerResponse): void {
    const query = new URL(url ?? '', `http://${host}`).searchParams;
    const resource = query.get('resource')?.replace(/\/$/, '');
    const isOurs = headers['x-identity-header'] === this.#secret && query.get('client_id') === this.#clientId;
    if (!isOurs || resource !== audience) return void response.writeHead(400).end('{"error":"invalid_request"}');
    const now = Math.floor(Date.now() / 1000);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify({
        access_token: this.#token(now),
        token_type: 'Bearer',
        resource,
        client_id: this.#clientId,
        expires_on: String(now + hour),
      }),
    );
  }

  #token(now: number): string {
    const { oid, tid } = this.#principal;
    const claims = {
      aud: audience,
      iss: `https://sts.windows.net/${tid}/`,
      oid,
      tid,
      sub: oid,
      appid: this.#clientId,
      iat: now,
      nbf: now - 60,
      exp: now + hour,
    };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
  }
}
