/** Telling whoever wants to know of the end of a task or job (https://www.standardwebhooks.com). */
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Webhook } from 'standardwebhooks';
import { callbackTimeoutMs, undeliverableLifetimeMs } from '../limits.ts';
import { line, log } from '../log.ts';
import { parseTaskId } from '../model/ids.ts';
import { isDone, jobState, type StoredJob } from '../model/job.ts';
import { isFinal } from '../model/states.ts';
import type { Callback, StoredTask } from '../model/task.ts';
import { type CallbackMessage, enqueueCallback } from '../storage/queues.ts';
import type { Storage } from '../storage/storage.ts';
import { TaskConflictError } from '../storage/task-store.ts';
import { isOutbox, putInOutbox } from './outbox.ts';
import { checkPublicHost, lookupPublic, PrivateAddressError } from './public-address.ts';
import { CallbackSecrets } from './secrets.ts';
import { isAllowed } from './url.ts';

export interface CallbackOptions {
  /** Hosts that may be called, also at private addresses; none: any at a public address. */
  allowedHosts: readonly string[];
  /** How long to wait after each failed attempt; after the last of them one more is made. */
  retryDelaysMs: readonly number[];
  /** The task or job as the receiver is to see it. */
  view: { task(task: StoredTask): Promise<object>; job(job: StoredJob): Promise<object> };
}

/** Makes its own connections: one that something else left open may lead to a private address. */
const publicOnly = new https.Agent({ lookup: lookupPublic });

/** What is to be told, and to whom. */
interface WebhookEvent {
  owner: string;
  requestId: string | null;
  traceparent: string | null;
  callback: Callback;
  type: string;
  /** Of the last change, by which receivers know a repetition. */
  finishedAt: Date;
  data(): Promise<object>;
  /** Whose end is told to container `outbox`; null of a job. */
  task: StoredTask | null;
  note(changes: Partial<Callback>): Promise<void>;
}

/** Makes an attempt; a failed one is followed by another at its time or, after the last, by a message in the poison queue. */
export async function deliverCallback(
  storage: Storage,
  { id, attempt }: CallbackMessage,
  options: CallbackOptions,
): Promise<void> {
  const news = parseTaskId(id) ? await taskEvent(storage, id, options) : await jobEvent(storage, id, options);
  if (!news || news.callback.deliveredAt) return log.info(line('callback-skipped', { id }));
  const { callback, requestId: request } = news;
  const told = { id, request, attempt, host: new URL(callback.url).host };
  const subject = { trace: news.traceparent, since: Date.now() };
  const failure = await attemptDelivery(storage, id, news, options);
  if (failure === null) {
    await news.note({ attempts: attempt, deliveredAt: new Date(), error: null });
    return log.info(line('callback-delivered', told, subject));
  }
  await news.note({ attempts: attempt, error: failure.reason });
  const delay = failure.final ? undefined : options.retryDelaysMs[attempt - 1];
  const facts = { ...told, error: failure.reason };
  if (delay === undefined) {
    await enqueueCallback(storage.callbackPoisonQueue, { id, attempt }, undeliverableLifetimeMs);
    return log.error(line('callback-exhausted', facts, subject));
  }
  await tryAgain(storage, { id, attempt: attempt + 1 }, delay);
  log.warn(line('callback-failed', facts, subject));
}

async function tryAgain(storage: Storage, message: CallbackMessage, delayMs: number): Promise<void> {
  if (delayMs === 0) await enqueueCallback(storage.callbackQueue, message);
  else await storage.due.add('callback', message, new Date(Date.now() + delayMs));
}

interface Failure {
  reason: string;
  /** Whether trying again cannot help. */
  final: boolean;
}

async function attemptDelivery(
  storage: Storage,
  id: string,
  { owner, callback, type, finishedAt, data, task }: WebhookEvent,
  options: CallbackOptions,
): Promise<Failure | null> {
  if (task && isOutbox(callback.url)) {
    await putInOutbox(storage, callback.url, task, await data());
    return null;
  }
  const body = JSON.stringify({ type, timestamp: finishedAt, data: await data() });
  const messageId = `${id}-${finishedAt.getTime()}`;
  const now = new Date();
  const secrets = await new CallbackSecrets(storage).all(owner);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': 'Tessera',
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, now, body)).join(' '),
  };
  try {
    const status = await post(new URL(callback.url), headers, body, options.allowedHosts);
    if (status >= 200 && status < 300) return null;
    // 410: the receiver wants to hear no more.
    return { reason: `The receiver answered ${status}.`, final: status === 410 };
  } catch (error) {
    const { message, name } = error as Error;
    if (error instanceof PrivateAddressError) return { reason: 'The host has no public address.', final: true };
    if (name === 'TimeoutError')
      return { reason: `No response within ${callbackTimeoutMs / 1000} seconds.`, final: false };
    return { reason: `The receiver cannot be reached: ${message.slice(0, 200)}.`, final: false };
  }
}

/** The status of the answer; redirects are not followed. */
async function post(url: URL, headers: http.OutgoingHttpHeaders, body: string, allowed: readonly string[]) {
  const listed = isAllowed(url, allowed);
  if (!listed) checkPublicHost(url);
  const signal = AbortSignal.timeout(callbackTimeoutMs);
  const options = { method: 'POST', headers, signal, ...(!listed && { agent: publicOnly }) };
  const request = listed && url.protocol === 'http:' ? http.request(url, options) : https.request(url, options);
  try {
    const [answer] = (await once(request.end(body), 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode ?? 0;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

async function taskEvent(storage: Storage, id: string, { view }: CallbackOptions): Promise<WebhookEvent | null> {
  const store = storage.tasks;
  const task = await store.get(id);
  if (!task?.callback || !task.finishedAt || !isFinal(task.state)) return null;
  const { owner, requestId, traceparent, callback, finishedAt } = task;
  const note = async (changes: Partial<Callback>) => {
    for (;;) {
      const now = await store.get(id);
      if (!now?.callback || now.finishedAt?.getTime() !== finishedAt.getTime()) return;
      try {
        return void (await store.note(now, { callback: { ...now.callback, ...changes } }));
      } catch (error) {
        if (!(error instanceof TaskConflictError)) throw error;
      }
    }
  };
  return {
    owner,
    requestId,
    traceparent,
    callback,
    finishedAt,
    note,
    task,
    type: `task.${task.state.toLowerCase()}`,
    data: () => view.task(task),
  };
}

async function jobEvent(storage: Storage, id: string, { view }: CallbackOptions): Promise<WebhookEvent | null> {
  const store = storage.jobs;
  const job = await store.get(id);
  if (!job?.callback || !job.finishedAt || !isDone(job)) return null;
  const { owner, requestId, traceparent, callback, finishedAt } = job;
  const note = async (changes: Partial<Callback>) => {
    await store.amend(id, (now) =>
      now.callback && now.finishedAt?.getTime() === finishedAt.getTime()
        ? { callback: { ...now.callback, ...changes } }
        : null,
    );
  };
  return {
    owner,
    requestId,
    traceparent,
    callback,
    finishedAt,
    note,
    task: null,
    type: `job.${jobState(job).toLowerCase()}`,
    data: () => view.job(job),
  };
}
