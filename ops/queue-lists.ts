/** Writes the queues that functions read to the Bicep template and the Kubernetes manifests: `npm run fix`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../lib/config/settings.ts';
import { projectRoot } from '../lib/project-root.ts';
import { registeredFunctions } from './registered-functions.ts';

/** The template with the queues whose poison queues are read, too. */
export function withQueues(template: string, queues: readonly string[]): string {
  const handled = queues.filter((name) => queues.includes(`${name}-poison`));
  return template.replace(
    /^var taskQueues = .*$/m,
    `var taskQueues = [${handled.map((name) => `'${name}'`).join(', ')}]`,
  );
}

/** The manifest with a KEDA trigger for each queue; all are like its first trigger. */
export function withTriggers(manifest: string, queues: readonly string[]): string {
  const triggers = /( {4}- type: azure-queue\n(?: {6}.*\n)+)+/;
  const [first = ''] = / {4}- type: azure-queue\n(?: {6}.*\n)+/.exec(manifest) ?? [];
  const visible = queues.filter((name) => !name.endsWith('-poison'));
  return manifest.replace(
    triggers,
    visible.map((name) => first.replace(/queueName: .*/, `queueName: ${name}`)).join(''),
  );
}

/** The queues that functions read, by role, in the order in which they are registered. */
export async function queuesByRole(): Promise<{ control: string[]; process: string[] }> {
  const [all, ofProcess] = await Promise.all([queuesOf(''), queuesOf('process')]);
  return { control: all.filter((name) => !ofProcess.includes(name)), process: ofProcess };
}

async function queuesOf(role: Role | ''): Promise<string[]> {
  const functions = await registeredFunctions({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    TESSERA_ROLE: role,
  });
  const bindings = functions.flatMap(({ metadata }) => Object.values(metadata.bindings));
  return bindings.flatMap(({ queueName }) => queueName ?? []);
}

async function update(path: string, change: (text: string) => string): Promise<void> {
  const file = join(projectRoot, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

if (import.meta.main) {
  const queues = await queuesByRole();
  await update('infra/modules/data-storage.bicep', (text) => withQueues(text, [...queues.process, ...queues.control]));
  for (const role of ['control', 'process'] as const)
    await update(`containers/kubernetes/${role}.yaml`, (text) => withTriggers(text, queues[role]));
}
