/** What is deployed runs from a folder of its own, with nothing of the tree around it. */
import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineVersion } from '../../lib/imaging/engine-version.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { Client } from '../harness/client.ts';
import { fixture } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';

const made = join(projectRoot, 'dist/package');
const isItsPlatform = process.platform === 'linux' && process.arch === 'x64';
let said: string;
beforeAll(async () => {
  // Connections of this process stay alive meanwhile.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(projectRoot, 'ops/package.ts')]);
  said = stdout + stderr;
}, 300_000);

test('its size, and how long each app takes to load, are told', () => {
  expect(said).toMatch(/dist\/package: \d+ files, [\d.]+ MB; dist\/package\.zip: [\d.]+ MB/);
  for (const role of ['http', 'control', 'process']) expect(said).toMatch(new RegExp(`${role}: loaded in \\d+ ms`));
});

test('it has machine code for Linux on x64 with glibc alone, and nothing of development', () => {
  const machineCode = globSync('node_modules/**/*.{node,so,so.*,dll,dylib}', { cwd: made });
  expect(machineCode.length).toBeGreaterThan(0);
  for (const file of machineCode) expect(file).toMatch(/linux-x64(-gnu)?\//);
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
  const installed = globSync('node_modules/{@*/*,[!@]*}', { cwd: made });
  expect(installed.length).toBeGreaterThan(5);
  expect(installed.filter((path) => packages[path.replaceAll('\\', '/')].dev)).toEqual([]);
});

test('what an estimate is made of is loaded when one is asked for, not when an instance starts', () => {
  const codeOf = (name: string) => readFileSync(join(made, 'dist', name), 'utf8');
  const chunks = globSync('*.js', { cwd: join(made, 'dist') });
  const atStart = new Set(['upload.js', 'process.js', 'status.js']);
  // A set that grows is walked to its end.
  for (const name of atStart)
    for (const [, imported] of codeOf(name).matchAll(/(?:\bfrom|^import) ?"\.\/([^"]+)"/gm)) atStart.add(imported);
  const withMeasurements = chunks.filter((name) => codeOf(name).includes('gaugeMs'));
  expect(withMeasurements).toHaveLength(1);
  expect([...atStart]).not.toContain(withMeasurements[0]);
});

test('its results are kept under the same name as those of the tree', () => {
  expect(JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')).engineVersion).toBe(engineVersion());
});

(isItsPlatform ? test : test.skip)('it works on images from a folder of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-package-'));
  cpSync(made, folder, { recursive: true });
  const runner = await Runner.start({ args: ['--app', folder] });
  try {
    const client = new Client(runner);
    // The second takes models, and the WebAssembly that runs them.
    for (const operation of ['watershed', 'face-detection'])
      expect(await client.run({ image: fixture('coins.png'), fields: { operation } })).toMatchObject({
        state: 'Succeeded',
      });
    expect(await client.run({ image: fixture('coins.png'), fields: { preset: 'edge-sketch' } })).toMatchObject({
      state: 'Succeeded',
    });
    // Its codec is WebAssembly of its own.
    const scan = { image: fixture('dicom/color-jpeg-ls.dcm'), name: 'scan.dcm', fields: { operation: 'invert' } };
    expect(await client.run(scan)).toMatchObject({ state: 'Succeeded' });
    await client.upload({ 'a/1.png': fixture('box.png'), 'a/2.png': fixture('box.png') });
    const job = await client.submit('/api/jobs', { prefix: 'a/', operation: 'canny' });
    expect(await client.jobDone(job.id)).toMatchObject({ counts: { succeeded: 2 } });
  } finally {
    await runner.stop();
    rmSync(folder, { recursive: true });
  }
});
