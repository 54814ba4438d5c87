/** Holds every answer of the API against its OpenAPI document. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../lib/http/openapi.ts';
import { version } from '../../lib/project-root.ts';

export const document = openApiDocument(version);

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'openapi');

interface Operation {
  id: string;
  method: string;
  path: RegExp;
  pointer: string;
  responses: Record<string, Answer>;
}

interface Answer {
  $ref?: string;
  content?: Record<string, unknown>;
}

const operations: Operation[] = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, { operationId: string; responses: Operation['responses'] }>).map(
    ([method, { operationId, responses }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
      pointer: `openapi#/paths/${escaped(path)}/${method}/responses`,
      responses,
    }),
  ),
);

export const operationIds = operations.map(({ id }) => id);

/** Throws where an answer is not as the document says. Gives the operation that was called; null where there is none. */
export async function checkAnswer(method: string, path: string, response: Response): Promise<string | null> {
  const operation = operations.find((candidate) => candidate.method === method && candidate.path.test(path));
  if (!operation) return null;
  const { status } = response;
  const answer = operation.responses[status];
  const documented = answer?.$ref === undefined ? answer : componentOf(answer.$ref);
  if (!documented) throw new Error(`${method} ${path} answered ${status}, which ${operation.id} does not document.`);
  const [type] = (response.headers.get('content-type') ?? '').split(';');
  if (!documented.content) {
    if (await response.clone().text()) throw new Error(`${operation.id} documents ${status} without a body.`);
  } else if ((status === 401 || status === 413) && type === '') {
    // From the platform itself, in front of the API.
  } else if (/json$/.test(type)) {
    const pointer = answer.$ref === undefined ? `${operation.pointer}/${status}` : `openapi${answer.$ref}`;
    const validate = validator(`${pointer}/content/${escaped(type)}/schema`);
    const body = await response.clone().json();
    if (!validate(body)) throw new Error(`${operation.id} ${status}: ${ajv.errorsText(validate.errors)}`);
  } else if (!(type in documented.content || '*/*' in documented.content)) {
    throw new Error(`${operation.id} does not document ${type}.`);
  }
  return operation.id;
}

/** The response among the components that a reference names. */
function componentOf($ref: string): Answer {
  return document.components?.responses?.[$ref.split('/').at(-1) as string] as Answer;
}

const validators = new Map<string, ValidateFunction>();

function validator($ref: string): ValidateFunction {
  const validate = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, validate);
  return validate;
}

function escaped(text: string): string {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}
