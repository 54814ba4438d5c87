/** What suites need to be running, told by what they import, and which of them take long. */
import { readFileSync } from 'node:fs';

const chaos = /from '\.\/chaos\.ts'/;
const browser = /useBrowser/;
const runner = /harness\/(?:account|api|flood|runner|use)\.ts'|Azurite\.start|'dist\//;

/** 3: runners that are killed; 2: a browser; 1: a runner, a storage account or a build; 0: nothing, and it tests in this very process. */
export function weightOf(path) {
  const source = readFileSync(path, 'utf8');
  return [runner, browser, chaos].findLastIndex((pattern) => pattern.test(source)) + 1;
}

/**
 * Suites that only `npm run test:all` runs: clusters whose processes are killed, accounts that go away, floods of requests, and the
 * page beyond its main way. Each takes half a minute of both cores or more.
 */
const long = [
  'chaos/chaos',
  'http/accounts',
  'http/fair-shares',
  'http/history',
  'http/overload',
  'http/pause',
  'http/retry',
  'http/stats',
  'local/host-like',
  'local/identity',
  'local/runner',
  'local/scale-in',
  'operations/sizes',
  'ops/package',
  'page/accessibility',
  'page/analysis',
  'page/comparing',
  'page/deep-images',
  'page/editing',
  'page/host-like',
  'page/many',
  'page/operators',
  'page/outages',
  'page/picture-tools',
  'page/recipes',
  'page/sending',
  'page/sign-in',
  'page/tuning',
  'recovery/accounts',
  'storage/transactions',
  'telemetry/telemetry',
];

/** Patterns of the paths of the suites that take long. */
export const longSuites = long.map((name) => `/test/${name}\\.test\\.ts$`);
