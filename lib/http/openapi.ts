/** The OpenAPI document, made from the declarations of the calls. */
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { maxIdempotencyKeyCharacters } from '../limits.ts';
import { describeProblem, type ProblemType } from '../problems.ts';
import type { Call } from './calls/call.ts';
import { calls } from './calls/index.ts';
import { problemSchema } from './calls/schemas.ts';
import { requestIdHeader, requestIdParameter } from './request-id.ts';
import { problemContentType } from './responses.ts';

const tags = [
  { name: 'tasks', description: 'Process one image each.' },
  { name: 'uploads', description: 'Images uploaded directly to the storage, for tasks and jobs to name.' },
  { name: 'jobs', description: 'Process many uploaded images with the same steps.' },
  { name: 'presets', description: 'Named sequences of steps of your own.' },
  { name: 'callbacks', description: 'Notifications of the end of a task or job.' },
  { name: 'service', description: 'Operations, health and statistics of the service.' },
];

const description = `
Upload images, choose operations, and get images and measurements back.

Errors are problem details (RFC 9457) with a stable \`type\`. A POST with an \`Idempotency-Key\` can be repeated: for 24 hours
the same key and request return the same response. IDs cannot be guessed, and callers see only their own tasks, jobs and images.
`.trim();

const idempotencyKey = z
  .string()
  .min(1)
  .max(maxIdempotencyKeyCharacters)
  .optional()
  .describe(
    'a unique text of your choice, such as a UUID; the request can then be repeated without being executed twice',
  )
  .meta({ param: { id: 'IdempotencyKey' } });
const requestId = requestIdParameter.meta({ param: { id: 'RequestId' } });
const requestIdAnswered = requestIdHeader.meta({ header: { id: 'RequestId' } });

/** OpenAPI 3.1; `version` is that of the service. */
export function openApiDocument(version: string) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const call of calls) {
    const path = `/api/${call.route}`;
    paths[path] ??= {};
    paths[path][call.method.toLowerCase()] = operationOf(call);
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.1',
    info: { title: 'Tessera', version, description },
    servers: [{ url: '/' }],
    tags,
    security: [{ functionKey: [] }, { entra: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key', description: 'AUTH_MODE=key' },
        entra: { type: 'http', scheme: 'bearer', description: 'AUTH_MODE=entra: an access token for this service' },
      },
    },
  };
  return createDocument(document, { override: ({ jsonSchema }) => describeUnit(jsonSchema) });
}

/** JSON Schema has no keyword for units, and tools refuse what they do not know: the unit goes into the description. */
function describeUnit(schema: { unit?: unknown; description?: string | undefined }): void {
  const { unit, description } = schema;
  if (typeof unit !== 'string') return;
  delete schema.unit;
  schema.description = description === undefined ? `in ${unit}` : `${description} (${unit})`;
}

function operationOf(call: Call): ZodOpenApiOperationObject {
  const { id, tag, summary, description, query, open } = call;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(open && { security: [] }),
    requestParams: {
      ...pathOf(call.route),
      ...(Object.keys(query.shape).length > 0 && { query }),
      header: z.object({
        'X-Request-Id': requestId,
        ...(isRepeatable(call) && { 'Idempotency-Key': idempotencyKey }),
        ...(304 in call.answers && { 'If-None-Match': z.string().optional() }),
      }),
    },
    ...bodyOf(call),
    responses: { ...answersOf(call), ...problemsOf(call) },
  };
}

function bodyOf({ json, raw }: Call): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  const schemas = { ...(json && { 'application/json': json.schema }), ...raw };
  const content = Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
  return Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {};
}

function answersOf({ answers }: Call): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, content, headers }]) => [
      status,
      {
        description,
        ...(content && {
          content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
        }),
        headers: (headers ?? z.object({})).extend({ 'X-Request-Id': requestIdAnswered }),
      },
    ]),
  );
}

/** By status; the types are named, for clients switch on them. */
function isRepeatable({ method, answerNotKept }: Call): boolean {
  return method === 'POST' && !answerNotKept;
}

function problemsOf(call: Call): ZodOpenApiResponsesObject {
  const { problems, method, open } = call;
  const repeatable: ProblemType[] = isRepeatable(call) ? ['request-in-progress', 'idempotency-key-reused'] : [];
  const known: ProblemType[] = open ? [] : ['sign-in-required', 'rate-limited'];
  if (method === 'POST') known.push('cross-site-request');
  const byStatus = new Map<number, ProblemType[]>();
  // Whatever a query does not name is refused.
  for (const type of new Set<ProblemType>([
    ...problems,
    'invalid-parameter',
    ...repeatable,
    ...known,
    'storage-unavailable',
  ])) {
    const { status } = describeProblem(type);
    byStatus.set(status, [...(byStatus.get(status) ?? []), type]);
  }
  const described = [...byStatus].map(([status, types]) => [
    status,
    problemResponse(types.join('.'), types.map((type) => `\`${type}\`: ${describeProblem(type).title}.`).join('\n\n')),
  ]);
  return { ...Object.fromEntries(described), 500: problemResponse('internal-error', 'Internal error.') };
}

const problemResponses = new Map<string, ZodOpenApiResponseObject>();

/** The response of that name among the components, the same for all calls. */
function problemResponse(id: string, description: string): ZodOpenApiResponseObject {
  const known = problemResponses.get(id) ?? {
    id,
    description,
    headers: z.object({ 'X-Request-Id': requestIdAnswered }),
    content: { [problemContentType]: { schema: problemSchema } },
  };
  problemResponses.set(id, known);
  return known;
}

/** The parts of a route that vary. */
function pathOf(route: string): { path?: z.ZodObject } {
  const names = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return names.length === 0 ? {} : { path: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) };
}
