/** What the documents refer to is there: files, headings, scripts, and the events of the log. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { logEvents } from '../../lib/log.ts';
import { projectRoot } from '../../lib/project-root.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('{docs,bench}/*.md', { cwd: projectRoot })];

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\w\s-]/g, '').replaceAll(' ', '-'));
}

test.each(pages)('%s names files that exist', (page) => {
  const named = [
    ...read(page).matchAll(/(?:`|\]\()((?:\.ci|\.github|containers|infra|ops|test|docs|bench|lib|clients)\/[\w./-]+)/g),
  ].map(([, path]) => path);
  for (const path of named) expect([path, existsSync(join(projectRoot, path))]).toEqual([path, true]);
});

test.each(pages)('%s links to pages and headings that exist, and calls scripts that exist', (page) => {
  const { scripts } = JSON.parse(read('package.json'));
  const called = [...read(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);
  expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  for (const [, path, anchor] of read(page).matchAll(/\]\(([\w./-]*)(?:#([\w-]+))?\)/g)) {
    const target = path === '' ? page : join(dirname(page), path);
    expect([path, existsSync(join(projectRoot, target))]).toEqual([path, true]);
    if (anchor !== undefined) expect([path, anchorsOf(target)]).toEqual([path, expect.arrayContaining([anchor])]);
  }
});

test('docs/operations.md lists every event that is logged', () => {
  const page = read('docs/operations.md');
  expect(logEvents.filter((event) => !page.includes(`\`${event}\``))).toEqual([]);
});
