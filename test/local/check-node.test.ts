/** Which Node is supported is said once, and where it is not, in one line. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';
import { nodeFault } from '../../local/check-node.js';

const packageJson = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));

test('README, engines and devEngines name the same version', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  expect(packageJson.engines.node).toBe(packageJson.devEngines.runtime.version);
  expect(readme).toContain(`Node ${packageJson.engines.node.replace('>=', '')} or later`);
  expect(readme).toContain(`the Node ${/\d+/.exec(packageJson.devDependencies.node)?.[0]} that runs Tessera`);
});

test.each(['18.20.8', '20.20.2', '22.19.0'])('Node %s is told in one line that it is too old', (version) => {
  expect(nodeFault(version, '^24.21.0')).toMatch(/^Tessera runs on Node 24, .*; this is Node .*\.$/);
  expect(nodeFault(version, '^24.21.0')).toContain(version);
});

test.each(['24.0.0', '24.21.0', '26.1.0'])('Node %s is not', (version) => {
  expect(nodeFault(version, '^24.21.0')).toBeNull();
});

/** Nodes of the system, besides the one that the packages bring. */
const others = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'node'))
  .filter((path) => !path.includes('node_modules') && existsSync(path))
  .filter((path) => !/^v2[4-9]/.test(execFileSync(path, ['--version'], { encoding: 'utf8' })));

(others.length > 0 ? test : test.skip)('an older Node of the system says so, and nothing else', () => {
  for (const file of ['local/check-node.js', 'dist/local/main.js']) {
    const { status, stderr } = spawnSync(others[0], [join(projectRoot, file)], { encoding: 'utf8' });
    expect([file, status, stderr]).toEqual([file, 1, expect.stringMatching(/^Tessera runs on Node 24, .*\.\n$/)]);
  }
});
