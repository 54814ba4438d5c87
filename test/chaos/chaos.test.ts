/** As `npm run chaos`, with fewer tasks, a shorter outage and instances that are missed sooner. */
import { runChaos } from './chaos.ts';

test('instances are killed and the storage goes away: nothing is lost, nothing is done twice', async () => {
  const report = await runChaos({
    tasks: 80,
    instances: 3,
    hostLike: false,
    killEverySeconds: 4,
    outageSeconds: 6,
    silentSeconds: 5,
    timeoutSeconds: 120,
    say: () => {},
  });
  expect(report.faults).toEqual([]);
  expect(report.kills).toBeGreaterThan(0);
  expect(report.refused).toBeGreaterThan(0);
}, 240_000);
