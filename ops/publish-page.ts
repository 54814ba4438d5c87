/**
 * Publishes the page of `dist/static` by Blob Storage's static hosting, which is switched on here, as Bicep cannot:
 *
 *     PAGE_STORAGE__accountName=<account> API_URL=https://<app>.azurewebsites.net npm run publish-page
 *
 * or puts it into a folder, for any other host; so does `azd` where the page is to be in a static web app:
 *
 *     API_URL=https://<app>.azurewebsites.net npm run publish-page -- --to FOLDER
 *
 * With `SIGN_IN_AUTHORITY` and `SIGN_IN_CLIENT_ID`, which `azd` sets where the API wants Microsoft Entra ID, the page offers to sign in.
 *
 * Whoever is signed in needs the roles Storage Blob Data Contributor and Storage Account Contributor. No key is used. A role that was
 * given a moment ago takes some minutes to have effect: it is tried again for a while.
 */
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { lookup } from 'mrmime';
import { projectRoot } from '../lib/project-root.ts';
import { storageAccess } from '../lib/storage/access.ts';
import { connectStorage } from '../lib/storage/clients.ts';
import { forEachLimit } from '../lib/storage/for-each-limit.ts';
import { cacheControlOf } from '../local/page-cache.ts';

const waitMs = 15_000;
const retryMs = 600_000;
const uploadsAtOnce = 8;
/** The container of static hosting. */
const webContainer = '$web';
const folder = join(projectRoot, 'dist/static');

const api = process.env.API_URL;
if (!api) throw new Error('API_URL is not set: where the API is, such as https://<app>.azurewebsites.net.');
const { values } = parseArgs({ options: { to: { type: 'string' } } });
const staticWebApp = process.env.PAGE_STATIC_WEB_APP;
const target = values.to ?? (staticWebApp ? join(projectRoot, 'dist/page') : undefined);
if (target === undefined) {
  const { blobs } = await connectStorage(storageAccess(process.env, 'PAGE_STORAGE'));
  await withRetry(() => switchOnHosting(blobs));
  const count = await withRetry(() => publish(blobs.getContainerClient(webContainer), api));
  console.info(`Published ${count} files. The page asks ${api}.`);
} else {
  writeTo(resolve(target), api);
  console.info(`The page is in ${target}, and asks ${api}.`);
  if (staticWebApp) console.info(`docs/deploy.md says how it is sent to the static web app ${staticWebApp}.`);
}

/** Takes the place of what is there. */
function writeTo(target: string, api: string): void {
  pageFiles();
  rmSync(target, { recursive: true, force: true });
  cpSync(folder, target, { recursive: true });
  writeFileSync(join(target, 'config.json'), configFor(api));
}

async function switchOnHosting(service: BlobServiceClient): Promise<void> {
  await service.setProperties({ staticWebsite: { enabled: true, indexDocument: 'index.html' } });
  await service.getContainerClient(webContainer).createIfNotExists();
}

async function publish(container: ContainerClient, api: string): Promise<number> {
  const files = pageFiles().filter((file) => !file.endsWith('.br'));
  const put = async (file: string) => {
    const compressed = compressedOf(file);
    const bytes = file === 'config.json' ? Buffer.from(configFor(api)) : readFileSync(join(folder, compressed ?? file));
    const blobHTTPHeaders = {
      blobContentType: contentType(file),
      blobCacheControl: cacheControlOf(file),
      ...(compressed !== undefined && { blobContentEncoding: 'br' }),
    };
    await container.getBlockBlobClient(file).upload(bytes, bytes.length, { blobHTTPHeaders });
  };
  // Pages last: they name files that are there then.
  const isPage = (file: string) => file.endsWith('.html');
  await forEachLimit(
    files.filter((file) => !isPage(file)),
    uploadsAtOnce,
    put,
  );
  await forEachLimit(files.filter(isPage), uploadsAtOnce, put);
  return files.length;
}

/** Throws where the page has not been built. */
function pageFiles(): string[] {
  const files = globSync('**/*.*', { cwd: folder }).map((file) => file.replaceAll('\\', '/'));
  if (!files.includes('index.html')) throw new Error('There is no page in dist/static: run `npm run build`.');
  return files;
}

/**
 * What is stored of a file that scripts of the page load. Static hosting sends each blob as it is stored, whatever a client accepts;
 * browsers take Brotli wherever there is HTTPS. Pages and texts, which people fetch with other programs, stay as they are.
 */
function compressedOf(file: string): string | undefined {
  const compressed = `${file}.br`;
  return /\.(html|json|md|svg)$/.test(file) || !existsSync(join(folder, compressed)) ? undefined : compressed;
}

/** Where the page finds the API, and who signs people in. */
function configFor(api: string): string {
  const { SIGN_IN_AUTHORITY: authority, SIGN_IN_CLIENT_ID: clientId } = process.env;
  return JSON.stringify({ api, ...(authority && clientId && { signIn: { authority, clientId } }) });
}

function contentType(file: string): string {
  return lookup(file) ?? 'application/octet-stream';
}

async function withRetry<T>(work: () => Promise<T>): Promise<T> {
  for (const begun = Date.now(); ; ) {
    try {
      return await work();
    } catch (error) {
      const isForbidden = error instanceof RestError && error.statusCode === 403;
      if (!isForbidden || Date.now() - begun > retryMs) throw error;
      console.info('The account lets nobody in yet: roles take some minutes. Trying again.');
      await sleep(waitMs);
    }
  }
}
