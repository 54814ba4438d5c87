/** The tables of the documents are current. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from '../../lib/config/settings.ts';
import { calls } from '../../lib/http/calls/index.ts';
import { operations } from '../../lib/operations/registry.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { storageSchema } from '../../lib/storage/access.ts';
import { pages, withTables } from '../../ops/docs-tables.ts';

const read = (page: string) => readFileSync(join(projectRoot, page), 'utf8');
const settings = read('docs/settings.md');

test.each(pages)('the tables of %s are as the declarations are; `npm run fix` writes them', (page) => {
  expect(read(page)).toBe(withTables(read(page)));
});

test('README.md lists every call and every operation', () => {
  const page = read('README.md');
  for (const { method, route } of calls) expect(page).toContain(`| \`${method} /api/${route}\` |`);
  for (const name of operations.keys()) expect(page).toContain(`\`${name}\``);
});

test('docs/settings.md has a row for each setting, with a description', () => {
  for (const name of [...Object.keys(schema.shape), ...Object.keys(storageSchema.shape)])
    expect([name, settings.match(new RegExp(`^\\| \`${name}\` \\|.*\\w{3,}.* \\|$`, 'gm'))?.length]).toEqual([name, 1]);
});

test('a setting that is declared and not listed is found', () => {
  expect(withTables(settings.replace(/^\| `LINK_MINUTES`.*\n/m, ''))).toBe(settings);
  expect(() => withTables('<!-- table: none -->\n<!-- end -->')).toThrow('none');
});
