/** The Python client is that of the API, and its example works (Python 3.9 or later, as `python3`). */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writePythonApi } from '../../clients/python/generate.ts';
import { calls } from '../../lib/http/calls/index.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { fixturePath } from '../harness/fixtures.ts';
import { Runner } from '../harness/runner.ts';

const run = promisify(execFile);
const folder = join(projectRoot, 'clients/python');
const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

let runner: Runner;
let out: string;
beforeAll(async () => {
  await writePythonApi();
  runner = await Runner.start();
  out = await mkdtemp(join(tmpdir(), 'tessera-python-'));
});
afterAll(async () => {
  await runner.stop();
  await rm(out, { recursive: true });
});

test('it has a method for each call', async () => {
  const api = await readFile(join(folder, 'tessera/api.py'), 'utf8');
  for (const { id } of calls)
    expect(api).toContain(`def ${id.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}(`);
});

test('the example uploads, waits and saves', async () => {
  const saved = join(out, 'edges.png');
  const { stdout } = await run('python3', ['example.py', runner.url, fixturePath('box.png'), saved], {
    cwd: folder,
    env,
  });
  expect(stdout).toMatch(/^Succeeded: \d+ pixels are on an edge\n$/);
  expect((await readFile(saved)).subarray(1, 4).toString()).toBe('PNG');
});

test('a refusal is an error that says why, and a name with any characters finds its place', async () => {
  const script = `
import sys
from tessera import Tessera, TesseraError
tessera = Tessera(sys.argv[1])
try:
    tessera.get_task("no/such?task")
except TesseraError as error:
    print(error.problem["type"].split(":")[-1])
stored = tessera.put_preset({"name": "edges", "steps": [{"operation": "canny"}]}, idempotency_key="once")
print(stored["name"], tessera.delete_preset("edges"), len(tessera.list_presets()["presets"]))
`;
  const { stdout } = await run('python3', ['-c', script, runner.url], { cwd: folder, env });
  expect(stdout).toBe('task-not-found\nedges None 0\n');
});
