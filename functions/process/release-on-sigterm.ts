import { setTimeout as sleep } from 'node:timers/promises';

/** What is left of an instance's time when it is taken away, in milliseconds: less than the platform waits before it kills. */
const releaseMs = 3000;

/**
 * Releases work when the platform takes the instance away. On Flex Consumption it sends SIGTERM to the Node process itself,
 * which would end at once; the termination hooks run only where the host ends its worker in order.
 */
export function releaseOnSigterm(release: () => Promise<void>): void {
  process.once('SIGTERM', () => {
    void Promise.race([release(), sleep(releaseMs)]).finally(() => process.exit(128 + 15));
  });
}
