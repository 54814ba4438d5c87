import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/project-root.ts';
import { queuesByRole, withQueues, withTriggers } from '../../ops/queue-lists.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

test('the template and the manifests list the queues that functions read; `npm run fix` writes them', async () => {
  const queues = await queuesByRole();
  const template = read('infra/modules/data-storage.bicep');
  expect(template).toBe(withQueues(template, [...queues.process, ...queues.control]));
  for (const role of ['control', 'process'] as const) {
    const manifest = read(`containers/kubernetes/${role}.yaml`);
    expect(manifest).toBe(withTriggers(manifest, queues[role]));
  }
});

test('a new queue gets its place in both', () => {
  const template = withQueues(read('infra/modules/data-storage.bicep'), ['a', 'a-poison', 'b']);
  expect(template).toContain("\nvar taskQueues = ['a']\n");
  const manifest = withTriggers(read('containers/kubernetes/process.yaml'), ['a', 'a-poison', 'b']);
  expect(manifest.match(/queueName: .*/g)).toEqual(['queueName: a', 'queueName: b']);
  expect(manifest.match(/authenticationRef/g)).toHaveLength(2);
});
