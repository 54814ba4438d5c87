import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { line } from '../tasks/log.ts';
import { problemResponse, respond } from './problem-response.ts';

type Endpoint = (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>;

/** An HTTP handler that answers every error as problem+json; what is not the caller's fault is logged too. */
export function endpoint(handle: Endpoint): HttpHandler {
  return async (request, context) => {
    try {
      return await handle(request, context);
    } catch (error) {
      const answer = problemResponse(error);
      if (!answer || (answer.status ?? 500) >= 500) context.error(line('request-failed', facts(request, error)));
      return answer ?? internalError(context.invocationId);
    }
  };
}

function facts(request: HttpRequest, error: unknown) {
  const { pathname } = new URL(request.url);
  return { method: request.method, path: pathname, error: error instanceof Error ? error.stack : String(error) };
}

/** Says nothing of the fault but where to find it in the log. */
function internalError(invocationId: string): HttpResponseInit {
  const detail = `The fault is ours. It is in the log under ${invocationId}.`;
  return respond({ type: 'about:blank', status: 500, title: 'Internal Server Error', detail });
}

export function json(body: unknown, init: Omit<HttpResponseInit, 'body' | 'jsonBody'> = {}): HttpResponseInit {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...init.headers };
  return { ...init, headers, body: JSON.stringify(body) };
}
