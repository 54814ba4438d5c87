/** The Functions host tries routes in the order of function names: none may hide another. */
import { calls } from '../../lib/http/calls/index.ts';
import { RouteTable } from '../../local/route-table.ts';
import { registeredFunctions } from '../../ops/registered-functions.ts';

let routes: RouteTable;
beforeAll(async () => {
  routes = new RouteTable(await registeredFunctions({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }), 'api');
});

test.each(calls.map(({ id, method, route }) => [id, method, route] as const))(
  '%s is reached by %s %s',
  (id, method, route) => {
    const found = routes.find(method, `/api/${route.replace('{id}', 'some-id')}`);
    expect(found?.fn.metadata.name).toBe(id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  },
);

test('what is no call is answered in words', () => {
  const name = (path: string) => routes.find('GET', path)?.fn.metadata.name;
  expect([name('/api/nothing'), name('/api'), name('/api/tasks/a/b/c')]).toEqual(Array(3).fill('zz-refuse-unknown'));
});
