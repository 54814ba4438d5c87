import { clientLeft } from '../../lib/http/connections.ts';
import { LongPolls } from '../../lib/http/wait.ts';
import type { RequestContext } from '../endpoint.ts';

const polls = new LongPolls();

/** Finds what a request asks for; with `seconds`, once it is done or has changed (see `LongPolls`). */
export function longPoll<T extends { etag: string }>(
  asked: RequestContext<unknown, unknown>,
  seconds: number,
  find: (asked: RequestContext<unknown, unknown>) => Promise<T>,
  isDone: (value: T) => boolean,
): Promise<T> {
  const { request, owner, invocationId } = asked;
  return polls.wait({
    request,
    owner,
    seconds,
    clientLeft: clientLeft(invocationId),
    read: () => find(asked),
    isDone,
  });
}
