/** A lock for some of a project's packages has all that these need, and nothing else. */
import { lockOf, type PackageLock } from '../../ops/package-lock.ts';

const locked = (version: string, dependencies = {}, more = {}) => ({ version, dependencies, ...more });
const whole: PackageLock = {
  name: 'whole',
  version: '1.0.0',
  lockfileVersion: 3,
  packages: {
    '': { dependencies: { a: '^1.0.0' }, devDependencies: { test: '^1.0.0' } },
    'node_modules/a': locked('1.0.0', { b: '^2.0.0', c: '^1.0.0' }, { optionalDependencies: { 'a-linux': '1.0.0' } }),
    'node_modules/a-linux': locked('1.0.0', {}, { os: ['linux'], optional: true }),
    'node_modules/a/node_modules/b': locked('2.0.0', { c: '^1.0.0' }),
    'node_modules/b': locked('1.0.0', { d: '^1.0.0' }),
    'node_modules/c': locked('1.0.0', { a: '^1.0.0' }, { devOptional: true }),
    'node_modules/d': locked('1.0.0'),
    'node_modules/test': locked('1.0.0', {}, { dev: true }),
  },
};

test('versions and places are those of the whole, also where a package has a version of its own', () => {
  const manifest = { name: 'part', version: '0.1.0', dependencies: { a: '1.0.0' } };
  const { packages, ...head } = lockOf(whole, manifest);
  expect(head).toEqual({ name: 'part', version: '0.1.0', lockfileVersion: 3 });
  expect(packages).toEqual({
    '': manifest,
    'node_modules/a': whole.packages['node_modules/a'],
    'node_modules/a-linux': whole.packages['node_modules/a-linux'],
    'node_modules/a/node_modules/b': whole.packages['node_modules/a/node_modules/b'],
    'node_modules/c': locked('1.0.0', { a: '^1.0.0' }),
  });
});
