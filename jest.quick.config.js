/** `npm run quick`: the suites for which nothing has to be started. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import config from './jest.config.js';
import { weightOf } from './test/harness/suites.js';

const suites = globSync('test/**/*.test.ts', { cwd: import.meta.dirname }).map((path) =>
  join(import.meta.dirname, path),
);
/** Each operation on each kind of image, and the engine's threads: not what changes from minute to minute. */
const slow = /test\/(?:operations\/operations|imaging\/engine)\.test\.ts$/;

export default { ...config, testMatch: suites.filter((path) => weightOf(path) === 0 && !slow.test(path)) };
