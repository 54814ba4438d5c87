/** What suites need to be running, told by what they import. */
import { readFileSync } from 'node:fs';

const chaos = /from '\.\/chaos\.ts'/;
const browser = /useBrowser/;
const runner = /harness\/(?:account|api|flood|runner|use)\.ts'|Azurite\.start|'dist\//;

/** 3: runners that are killed; 2: a browser; 1: a runner, a storage account or a build; 0: nothing, and it tests in this very process. */
export function weightOf(path) {
  const source = readFileSync(path, 'utf8');
  return [runner, browser, chaos].findLastIndex((pattern) => pattern.test(source)) + 1;
}
