/** The examples of docs/api.md do what they say, run one after the other as a reader would. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';

const page = readFileSync(join(projectRoot, 'docs/api.md'), 'utf8');
const examples = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, script]) => script);

let runner: Runner;
let folder: string;
beforeAll(async () => {
  runner = await Runner.start();
  folder = mkdtempSync(join(tmpdir(), 'api-examples-'));
  writeFileSync(join(folder, 'photo.jpg'), fixture('fruits.jpg'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await runner.stop();
});

/** Since 7.84 it tells single headers of an answer. */
const [, major = 0, minor = 0] =
  /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '') ?? [];
const hasCurl = Number(major) * 100 + Number(minor) >= 784;
if (!hasCurl) console.warn('The examples are not run: there is no curl 7.84 or later.');

test('there are examples', () => expect(examples.length).toBeGreaterThan(8));

// Variables that a block sets are there for the blocks after it.
(hasCurl ? test : test.skip).each(examples.map((script, i) => [i + 1, script] as const))('example %i', (_, script) => {
  const kept = join(folder, 'variables');
  const wrapped = `set -euo pipefail; [ -f ${kept} ] && . ${kept}\n${script}\ndeclare -p task job 2>/dev/null > ${kept} || true`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', wrapped], {
    cwd: folder,
    env: { ...process.env, TESSERA: runner.url },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const promised = [...script.matchAll(/# → (.*)/g)].map(([, text]) => text);
  for (const text of promised) expect(stdout).toContain(text);
});
