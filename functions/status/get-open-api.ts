import { getOpenApi as call } from '../../lib/http/calls/service.ts';
import { openApiDocument } from '../../lib/http/openapi.ts';
import { json } from '../../lib/http/responses.ts';
import { version } from '../../lib/project-root.ts';
import { endpoint } from '../endpoint.ts';

let document: ReturnType<typeof openApiDocument> | undefined;

export const getOpenApi = endpoint(call, async () => {
  document ??= openApiDocument(version);
  return json(document, { headers: { 'Cache-Control': 'public, max-age=300' } });
});
