import { forbiddenImports } from '../../ops/check-layers.ts';

test.each([
  ["import { x } from '../http/body.ts';", 'lib/http/body.ts: lib/http is above'],
  ["import type { X } from '../http/body.ts';", 'lib/http/body.ts'],
  ["import {\n  x,\n} from '../http/body.ts';", 'lib/http/body.ts'],
  ["export { x } from '../../functions/app.ts';", 'functions/app.ts'],
  ["import '../../local/runner.ts';", 'local is outside the layers'],
  ["const x = await import('../../static/main.tsx');", 'static is outside the layers'],
  ["import { TableClient } from '@azure/data-tables';", 'only lib/storage'],
])('lib/tasks must not have: %s', (code, reason) => {
  expect(forbiddenImports('lib/tasks/x.ts', code)).toEqual([expect.stringContaining(reason)]);
});

test.each([
  ['lib/tasks/x.ts', "import { x } from './y.ts';"],
  ['lib/tasks/x.ts', "import { x } from '../storage/y.ts';"],
  ['lib/tasks/x.ts', "import { x } from '../limits.ts';"],
  ['lib/storage/x.ts', "import { TableClient } from '@azure/data-tables';"],
  ['functions/status/x.ts', "import { x } from '../../lib/http/body.ts';"],
  ['lib/http/calls/x.ts', "import { x } from '../body.ts';"],
])('%s may have: %s', (file, code) => {
  expect(forbiddenImports(file, code)).toEqual([]);
});
