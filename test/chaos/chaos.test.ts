/** As `npm run chaos`, with fewer tasks. */
import { runChaos } from './chaos.ts';

test('workers are killed and the storage goes away: nothing is lost, nothing is done twice', async () => {
  const report = await runChaos({
    tasks: 200,
    workers: 3,
    hostLike: false,
    killEverySeconds: 8,
    outageSeconds: 20,
    patienceSeconds: 240,
    say: () => {},
  });
  expect(report.faults).toEqual([]);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.refused).toBeGreaterThan(0);
}, 500_000);
