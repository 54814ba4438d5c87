import { parseTimeSpan, readHostConfig } from '../../lib/config/host-config.ts';
import { readSettings } from '../../lib/config/settings.ts';
import { projectRoot } from '../../lib/project-root.ts';
import { parseOptions } from '../../local/options.ts';
import { compileRoute, matchRoute } from '../../local/routes.ts';
import { nextOccurrence } from '../../local/timer.ts';

test('routes match literals, parameters, constraints, optional and rest segments', () => {
  const match = (template: string, path: string) => matchRoute(compileRoute(template), path);
  expect(match('api/tasks/{id}', '/api/tasks/a%20b')).toEqual({ id: 'a b' });
  expect(match('api/tasks/{id}', '/api/tasks/a/result')).toBeNull();
  expect(match('api/tasks/{id}', '/api/tasks/%zz')).toEqual({ id: '%zz' });
  expect(match('api/pages/{page:int}', '/api/pages/12')).toEqual({ page: '12' });
  expect(match('api/pages/{page:int}', '/api/pages/twelve')).toBeNull();
  expect(match('api/jobs/{id?}', '/api/jobs')).toEqual({});
  expect(match('api/files/{*path}', '/api/files/a/b.png')).toEqual({ path: 'a/b.png' });
});

test('host.json is read, and settings override it as in the Functions host', () => {
  expect(readHostConfig(projectRoot, {}).queues).toMatchObject({
    batchSize: 4,
    maxDequeueCount: 5,
    visibilityTimeoutMs: 5000,
  });
  const overridden = readHostConfig(projectRoot, { AzureFunctionsJobHost__extensions__queues__maxDequeueCount: '2' });
  expect(overridden.queues.maxDequeueCount).toBe(2);
});

test('time spans are those of .NET', () => {
  expect(parseTimeSpan('00:00:00.2')).toBe(200);
  expect(parseTimeSpan('1.02:03:04')).toBe((((24 + 2) * 60 + 3) * 60 + 4) * 1000);
  expect(parseTimeSpan('5 minutes')).toBeNull();
});

test('timers follow NCRONTAB, seconds first', () => {
  const noon = new Date('2026-01-01T12:00:10Z');
  expect(nextOccurrence('*/30 * * * * *', noon)).toEqual(new Date('2026-01-01T12:00:30Z'));
  expect(nextOccurrence('0 0 3 * * *', noon)).toEqual(new Date('2026-01-02T03:00:00Z'));
  expect(() => nextOccurrence('* * * * *', noon)).toThrow('six fields');
});

test('the command line is read, and wrong options say what they take', () => {
  expect(parseOptions([])).toMatchObject({
    port: 7071,
    storagePort: 10000,
    data: '.azurite',
    storage: 'start',
    only: null,
  });
  expect(parseOptions(['--only', 'http', '--in-memory', '--no-storage', '--port', '8080'])).toMatchObject({
    port: 8080,
    data: null,
    storage: 'setting',
    only: ['http'],
  });
  expect(() => parseOptions(['--port', 'http'])).toThrow('--port takes a port');
  expect(() => parseOptions(['--only', 'htpp'])).toThrow('http, control, process');
  expect(parseOptions(['--help'])).toBeNull();
});

test('settings have defaults, and a wrong one is named', () => {
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  expect(settings).toMatchObject({ authLevel: 'function', maxImagePixels: 100e6, maxImageBytes: 64 * 2 ** 20 });
  expect(() =>
    readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', MAX_IMAGE_MEGABYTES: 'many' }),
  ).toThrow('MAX_IMAGE_MEGABYTES');
});
