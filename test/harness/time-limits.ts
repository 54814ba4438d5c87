/**
 * Gives each test and hook a time limit, as the light runner has none: the test's own, or one that is far more than any needs.
 * It is for faults that nobody thought of; what a test waits for it waits for with `until`, which says what did not happen.
 */
import { addEventHandler } from 'jest-circus';

const defaultMs = 90_000;

addEventHandler((event, state) => {
  const { children, hooks } = state.currentDescribeBlock;
  const added = event.name === 'add_test' ? children.at(-1) : event.name === 'add_hook' ? hooks.at(-1) : undefined;
  if (!added || added.type === 'describeBlock') return;
  // All of ours take no arguments and give promises.
  const run = added.fn as () => unknown;
  added.fn = () => within(added.timeout ?? defaultMs, run);
});

async function within(limitMs: number, run: () => unknown): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const error = new Error(`Not done after ${limitMs / 1000} s.`);
  const timer = setTimeout(() => reject(error), limitMs);
  try {
    await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}
