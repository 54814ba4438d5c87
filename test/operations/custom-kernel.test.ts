import { run } from '../harness/run.ts';

test('a kernel that is ragged or even is refused', async () => {
  for (const kernel of [
    [
      [1, 2],
      [3, 4],
    ],
    [[1, 2, 3], [1], [1, 2, 3]],
  ]) {
    await expect(run('custom-kernel', 'coins.png', { kernel })).rejects.toMatchObject({
      details: { field: 'steps[0].params.kernel' },
    });
  }
});
