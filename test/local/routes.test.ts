import { compileRoute, matchRoute } from '../../local/routes.ts';

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
