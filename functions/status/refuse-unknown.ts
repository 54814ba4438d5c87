import type { HttpHandler, HttpMethod, HttpRequest, HttpResponseInit } from '@azure/functions';
import { calls } from '../../lib/http/calls/index.ts';
import { requestIdOf } from '../../lib/http/request-id.ts';
import { respond, withStandardHeaders } from '../../lib/http/responses.ts';
import { problem } from '../../lib/problems.ts';

export const unknownMethods: HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Whatever is under /api and no call: what is there instead. */
export const refuseUnknown: HttpHandler = async (request, { invocationId }) =>
  withStandardHeaders(refusal(request), requestIdOf(request, invocationId));

function refusal(request: HttpRequest): HttpResponseInit {
  const path = (request.params.path ?? '').replace(/\/$/, '');
  const allowed = calls.filter(({ route }) => patternOf(route).test(path)).map(({ method }) => method);
  if (allowed.length === 0)
    return respond(problem('no-such-call', 'See /api/openapi.json for the available calls.').details);
  const refused = respond(problem('method-not-allowed', `Allowed: ${allowed.join(', ')}.`).details);
  return { ...refused, headers: { ...refused.headers, Allow: allowed.join(', ') } };
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll('.', '\\.').replace(/\{\w+\}/, '[^/]+')}$`);
}
