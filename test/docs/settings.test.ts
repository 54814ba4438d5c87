/** The tables of settings are those of the declarations. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schema } from '../../lib/config/settings.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { storageSchema } from '../../lib/storage/access.ts';
import { withTables } from '../../ops/settings-page.ts';

const page = readFileSync(join(projectRoot, 'docs/settings.md'), 'utf8');

test('docs/settings.md is as the declarations are; `npm run fix` writes it', () => {
  expect(page).toBe(withTables(page));
});

test('it has a row for each setting, with a description', () => {
  for (const name of [...Object.keys(schema.shape), ...Object.keys(storageSchema.shape)])
    expect([name, page.match(new RegExp(`^\\| \`${name}\` \\|.*\\w{3,}.* \\|$`, 'gm'))?.length]).toEqual([name, 1]);
});

test('a setting that is declared and not listed is found', () => {
  expect(withTables(page.replace(/^\| `LINK_MINUTES`.*\n/m, ''))).toBe(page);
  expect(() => withTables('<!-- table: none -->\n<!-- end -->')).toThrow('none');
});
