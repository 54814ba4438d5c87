/** What of an OpenAPI document the reference shows. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
  required?: boolean;
  schema: Schema;
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: (Parameter & { $ref?: string })[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Answer & { $ref?: string }>;
}

interface Answer {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

export interface ApiDocument {
  info: { description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses?: Record<string, Answer> };
}

export interface ApiCall {
  id: string;
  tag: string;
  method: string;
  path: string;
  summary: string;
  description: string | undefined;
  /** Of the path and the query. */
  parameters: Parameter[];
  bodies: Record<string, { schema: Schema }>;
  answers: Record<string, Answer>;
}

export function callsOf({ paths, components }: ApiDocument): ApiCall[] {
  return Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, operation]) => ({
      id: operation.operationId,
      tag: operation.tags[0],
      method: method.toUpperCase(),
      path,
      summary: operation.summary,
      description: operation.description,
      parameters: (operation.parameters ?? []).filter((parameter) => !parameter.$ref && parameter.in !== 'header'),
      bodies: operation.requestBody?.content ?? {},
      answers: Object.fromEntries(
        Object.entries(operation.responses).map(([status, answer]) => [
          status,
          components.responses?.[answer.$ref?.split('/').at(-1) ?? ''] ?? answer,
        ]),
      ),
    })),
  );
}

/** The schema itself, and the name that it has in the document. */
export function resolved(schema: Schema, document: ApiDocument): { schema: Schema; name: string | null } {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? { schema, name: null } : { schema: document.components.schemas[name] ?? {}, name };
}

export function typeInWords(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1) as string;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return either.length > 6 ? `one of ${either.length}` : either.map(typeInWords).join(' | ');
  if (schema.type === 'array') return `${schema.items ? typeInWords(schema.items) : 'any'}[]`;
  return [schema.type ?? 'any'].flat().join(' | ');
}
