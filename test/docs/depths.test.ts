/** The table of depths in docs/formats.md is that of the declarations. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../../lib/operations/registry.ts';
import { projectRoot } from '../../lib/project-root.ts';

test('docs/formats.md says of each operation how many bits it takes', () => {
  const page = readFileSync(join(projectRoot, 'docs/formats.md'), 'utf8');
  for (const depth of [8, 16] as const) {
    const row = page.match(new RegExp(`^\\| ${depth} \\| (.*) \\|$`, 'm'))?.[1];
    const names = [...operations.values()]
      .filter(({ maxDepth }) => maxDepth === depth)
      .map(({ name }) => `\`${name}\``);
    expect(row).toBe(names.sort().join(', '));
  }
});
