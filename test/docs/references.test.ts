/** What the documents refer to is there: files, and the events of the log. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEvents } from '../../lib/log.ts';
import { projectRoot } from '../../lib/project-root.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

test.each(['README.md', ...globSync('{docs,bench}/*.md', { cwd: projectRoot })])(
  '%s names files that exist',
  (page) => {
    const named = [
      ...read(page).matchAll(
        /(?:`|\]\()((?:\.ci|\.github|containers|infra|ops|test|docs|bench|lib|clients)\/[\w./-]+)/g,
      ),
    ].map(([, path]) => path);
    for (const path of named) expect([path, existsSync(join(projectRoot, path))]).toEqual([path, true]);
  },
);

test('docs/operations.md lists every event that is logged', () => {
  const page = read('docs/operations.md');
  expect(logEvents.filter((event) => !page.includes(`\`${event}\``))).toEqual([]);
});
