/** Results are taken from the cache only where the engine that made them is the one that would make them now. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engineVersion, engineVersionOf } from '../../lib/imaging/engine-version.ts';

const files = {
  'lib/imaging/encode.ts': 'export const quality = 90;',
  'lib/imaging/dicom/gray.ts': 'export const bits = 16;',
  'lib/operations/canny.ts': 'export const threshold = 100;',
  'lib/http/paging.ts': 'export const pageSize = 50;',
  'assets/model.xml': '<model/>',
  'package.json': '{ "version": "0.1.0", "dependencies": { "sharp": "^1.0.0" } }',
  'node_modules/sharp/package.json': '{ "version": "1.0.0" }',
};

/** The version of a package with those files. */
function versionWith(changes: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'engine-'));
  for (const [name, content] of Object.entries({ ...files, ...changes })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return engineVersionOf(join(root, 'lib'), root);
}

test('the same code, models and packages are the same engine, wherever they lie', () => {
  expect(versionWith({})).toBe(versionWith({}));
  expect(versionWith({ 'lib/http/paging.ts': 'export const pageSize = 100;' })).toBe(versionWith({}));
  expect(engineVersion()).toMatch(/^[0-9a-f]{64}$/);
  expect(engineVersion()).toBe(engineVersion());
});

test.each([
  ['an operation', { 'lib/operations/canny.ts': 'export const threshold = 120;' }],
  ['a new operation', { 'lib/operations/sobel.ts': '' }],
  ['a decoder', { 'lib/imaging/dicom/gray.ts': 'export const bits = 12;' }],
  ['the compiled code', { 'lib/imaging/encode.js': 'export const quality = 80;' }],
  ['a model', { 'assets/model.xml': '<model trained="again"/>' }],
  ['a package installed within the same range', { 'node_modules/sharp/package.json': '{ "version": "1.0.1" }' }],
])('%s that changes makes it another engine', (_, change) => {
  expect(versionWith(change)).not.toBe(versionWith({}));
});
