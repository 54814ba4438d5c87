import { Readable } from 'node:stream';
import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import type { BodyLimits } from '../lib/http/body.ts';
import { ownerOf } from '../lib/http/caller.ts';
import type { Call } from '../lib/http/calls/call.ts';
import { refuseCrossSite } from '../lib/http/cross-site.ts';
import { Idempotency, type Once, Replay, unrepeated } from '../lib/http/idempotency.ts';
import { isJson, readJson } from '../lib/http/json-body.ts';
import { CallerLimits, limitKeyOf } from '../lib/http/limits.ts';
import { pacedBody } from '../lib/http/paced-body.ts';
import { readQuery } from '../lib/http/query.ts';
import { requestIdOf } from '../lib/http/request-id.ts';
import { problemResponse, respond, withStandardHeaders } from '../lib/http/responses.ts';
import { boundToLog, line, log } from '../lib/log.ts';
import { newTrace } from '../lib/model/trace.ts';
import { app } from './app.ts';
import { settings } from './settings.ts';
import { storage } from './storage.ts';

/** A request that has been checked against its call's declaration. */
export interface RequestContext<Query, Body> {
  request: HttpRequest;
  /** As the platform names the invocation. */
  invocationId: string;
  /** Names the request in logs, rows and answers. */
  requestId: string;
  /** W3C trace context of the request, for what comes of it. */
  traceparent: string;
  /** Whose request it is. */
  owner: string;
  query: Query;
  /** Undefined where the call has no JSON body, or takes other bodies too and this is one of those. */
  body: Body | undefined;
  /** Of a POST: guards against its being carried out twice. */
  once: Once;
  /** How the body is to be read. */
  bodyLimits: BodyLimits;
  /** Counts bytes that come by another way than the body, as `field` announces. Throws `rate-limited`, and `invalid-parameter` of the field. */
  spend(bytes: number, field: string): Promise<void>;
}

/** What the handler of a call is given. */
export type RequestOf<C> =
  C extends Call<infer Query, infer Body> ? RequestContext<z.output<Query>, z.output<Body>> : never;

export interface Endpoint {
  call: Pick<Call, 'id' | 'method' | 'route' | 'open' | 'answerNotKept'>;
  handler: HttpHandler;
}

const limits = new CallerLimits(settings);

/** What answers a call: identifies the caller, checks limits and request, and answers every error as problem+json. */
export function endpoint<Query extends z.ZodObject, Body extends z.ZodType>(
  call: Call<Query, Body>,
  handle: (asked: RequestContext<z.output<Query>, z.output<Body>>) => Promise<HttpResponseInit>,
): Endpoint {
  const answer = async (request: HttpRequest, invocationId: string, requestId: string, traceparent: string) => {
    if (call.method === 'POST') refuseCrossSite(request);
    const owner = call.open ? '' : ownerOf(request, settings.authMode, settings.keyNames);
    const limitKey = limitKeyOf(request, owner, settings.authMode);
    const length = request.headers.get('content-length');
    if (!call.open) await limits.admit(limitKey, Number(length ?? 0));
    // A body in chunks does not say how long it is.
    const countBytes = call.open || length !== null ? undefined : limits.meter(limitKey);
    const bodyLimits: BodyLimits = { idleMs: settings.bodyIdleMs, countBytes };
    const query = call.raw ? ({} as z.output<Query>) : readQuery(request, call.query);
    const once = await begin(request, call, owner);
    try {
      const { json, raw } = call;
      const body =
        json && (isJson(request) || !raw)
          ? await readJson(request, json.schema, { ...json, ...bodyLimits })
          : undefined;
      if (body !== undefined || !raw) await once.check({ path: new URL(request.url).pathname, query, body });
      const spend = (bytes: number, field: string) => limits.spend(limitKey, bytes, field);
      const given = await handle({
        request,
        invocationId,
        requestId,
        traceparent,
        owner,
        query,
        body,
        once,
        bodyLimits,
        spend,
      });
      await once.finish(given);
      return given;
    } catch (error) {
      await once.abandon(error);
      throw error;
    }
  };
  const handler: HttpHandler = async (request, context) => {
    const requestId = requestIdOf(request, context.invocationId);
    const facts = { request: requestId, method: request.method, path: new URL(request.url).pathname };
    const started = performance.now();
    const subject = { trace: newTrace(context.traceContext?.traceParent, settings.traceRatio), since: Date.now() };
    const explain = (error: unknown): HttpResponseInit => {
      if (error instanceof Replay) return error.answer;
      const problem = problemResponse(error);
      if (!problem || (problem.status ?? 500) >= 500)
        log.error(line('request-failed', { ...facts, error: error instanceof Error ? error.stack : String(error) }));
      return problem ?? internalError(requestId);
    };
    const given = await answer(request, context.invocationId, requestId, subject.trace).catch(explain);
    // Those who only look are many, and change nothing.
    const { status = 200 } = given;
    if (call.method !== 'GET')
      log.info(
        line('request', { ...facts, call: call.id, status, ms: Math.round(performance.now() - started) }, subject),
      );
    return withStandardHeaders(paced(given, context.invocationId, facts), requestId);
  };
  return { call, handler };
}

/** Streams a body no faster than the client takes it. */
function paced(given: HttpResponseInit, invocationId: string, facts: object): HttpResponseInit {
  if (!(given.body instanceof Readable)) return given;
  const onBroken = boundToLog((error: unknown) =>
    log.error(line('response-aborted', { ...facts, error: String(error) })),
  );
  return { ...given, body: pacedBody(given.body, invocationId, onBroken) };
}

/** Registers what answers calls with the Functions host, where this app is the API. */
export function serve(...endpoints: Endpoint[]): void {
  if (!settings.roles.has('http')) return;
  for (const { call, handler } of endpoints) {
    const { id, method, route, open } = call;
    const name = id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    app.http(name, { methods: [method], route, authLevel: open ? 'anonymous' : settings.authLevel, handler });
  }
}

async function begin(
  request: HttpRequest,
  { method, id, answerNotKept }: Endpoint['call'],
  owner: string,
): Promise<Once> {
  const key = request.headers.get('idempotency-key');
  if (method !== 'POST' || key === null || answerNotKept) return unrepeated(1 + settings.furtherStorage.length);
  return new Idempotency(await storage()).begin(owner, id, key);
}

/** Says nothing of the fault but where to find it in the log. */
function internalError(requestId: string): HttpResponseInit {
  const detail = `Internal error. Reference: ${requestId}.`;
  return respond({ type: 'about:blank', status: 500, title: 'Internal Server Error', detail });
}
