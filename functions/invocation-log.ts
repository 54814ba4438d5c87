import type { app } from '@azure/functions';
import { withLog } from '../lib/log.ts';

/** Has whatever an invocation does log to it. */
export function logInInvocations({ hook }: Pick<typeof app, 'hook'>): void {
  hook.preInvocation((invocation) => {
    const { functionHandler, invocationContext } = invocation;
    invocation.functionHandler = (...args) => withLog(invocationContext, () => functionHandler(...args));
  });
}
