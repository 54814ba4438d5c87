/** What tests and hooks do outside of an invocation logs nothing; those that look at the log say so (`loggedBy`). */
import { addEventHandler } from 'jest-circus';
import { withLog } from '../../lib/log.ts';

const silent = { info() {}, warn() {}, error() {} };

addEventHandler((event, state) => {
  const { children, hooks } = state.currentDescribeBlock;
  const added = event.name === 'add_test' ? children.at(-1) : event.name === 'add_hook' ? hooks.at(-1) : undefined;
  if (!added || added.type === 'describeBlock') return;
  const run = added.fn as () => unknown;
  added.fn = () => withLog(silent, run) as Promise<unknown>;
});
