/** `npm run simulate`, as a user runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function simulate(...args: string[]): string {
  const script = join(projectRoot, 'bench/simulate.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

test('it prints backlog, instances and money over time, what limits, and draws a plot', () => {
  const plot = join(folder, 'plot.svg');
  const printed = simulate('--images', '50000', '--operation', 'canny', '--maximum', '20', '--plot', plot);
  const rows = [...printed.matchAll(/^\| (\d+:\d\d:\d\d) \| (\d+) \| (\d+) \|/gm)].map(([, , backlog, ready]) => [
    Number(backlog),
    Number(ready),
  ]);
  expect(rows[0]).toEqual([50_000, 0]);
  expect(rows.at(-1)?.[0]).toBe(0);
  expect(Math.max(...rows.map(([, ready]) => ready))).toBe(20);
  expect(printed).toMatch(/^Done after \d+:\d\d:\d\d with 20 instances; limited by maximum-instances\.$/m);
  expect(printed).toMatch(/^USD: compute \d+\.\d\d, .*total \d+\.\d\d$/m);
  const svg = readFileSync(plot, 'utf8');
  expect(svg.match(/<polyline points="[\d., ]+"/g)).toHaveLength(2);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test('docs/scaling.md has the tables that it prints (npm run simulate -- --table)', () => {
  const page = readFileSync(join(projectRoot, 'docs/scaling.md'), 'utf8').split('\n');
  const printed = simulate('--table').split('\n').filter(Boolean);
  expect(printed.filter((line) => !page.includes(line))).toEqual([]);
});
