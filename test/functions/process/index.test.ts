/** One package serves as three apps: each has functions of its own, and together they have all. */
import { roles } from '../../../lib/config/settings.ts';
import { registeredFunctions } from '../../../ops/registered-functions.ts';

async function namesIn(role: string): Promise<string[]> {
  const env = { AzureWebJobsStorage: 'UseDevelopmentStorage=true', TESSERA_ROLE: role };
  return (await registeredFunctions(env)).map(({ metadata }) => metadata.name);
}

test('each function is in one role, and an app without a role has all', async () => {
  const byRole = await Promise.all(roles.map(namesIn));
  expect(byRole.flat().sort()).toEqual((await namesIn('')).sort());
  expect(new Set(byRole.flat()).size).toBe(byRole.flat().length);
});

test('the API has the calls alone, tasks are worked on elsewhere, and the timers are with the jobs', async () => {
  expect(await namesIn('process')).toEqual(['process-task', 'process-job-task']);
  expect(await namesIn('control')).toEqual(
    expect.arrayContaining(['run-job-command', 'deliver-callback', 'reassign-tasks', 'clean-up']),
  );
  expect(await namesIn('http')).toEqual(expect.arrayContaining(['create-task', 'get-job', 'zz-refuse-unknown']));
});

test('an app may have several roles', async () => {
  const [http, control] = [await namesIn('http'), await namesIn('control')];
  expect((await namesIn('http, control')).sort()).toEqual([...http, ...control].sort());
});
