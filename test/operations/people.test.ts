import { run } from '../harness/run.ts';

test('no person is seen among coins', async () => {
  expect((await run('people', 'coins.png')).measured.count).toBe(0);
});
