import { run } from '../harness/run.ts';

test('a crop outside the image is refused', async () => {
  await expect(run('crop', 'coins.png', { left: 380, width: 10 })).rejects.toThrow(/not inside the image of 384 × 303/);
});
