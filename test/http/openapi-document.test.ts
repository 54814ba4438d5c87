/** The OpenAPI document as tools see it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../lib/http/openapi.ts';

const document = JSON.parse(JSON.stringify(openApiDocument('1.0.0')));
const text = JSON.stringify(document);

test('every component is used', () => {
  for (const [kind, components] of Object.entries<object>(document.components))
    if (kind !== 'securitySchemes')
      for (const name of Object.keys(components)) expect(text).toContain(`"#/components/${kind}/${name}"`);
});

test('every reference leads to a component', () => {
  for (const [, kind, name] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g))
    expect(document.components[kind]).toHaveProperty([name]);
});

test('schemas have only the keywords that the standard knows', () => {
  // Types that an operation’s own checks leave open are no fault.
  const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, strictRequired: false });
  // OpenAPI's own; the rest is JSON Schema 2020-12.
  ajv.addVocabulary(['discriminator']);
  formats.default(ajv);
  for (const [name, schema] of Object.entries<object>(document.components.schemas))
    ajv.addSchema(referringById(schema), `/${name}`);
  for (const name of Object.keys(document.components.schemas)) ajv.getSchema(`/${name}`);
  for (const schema of inlineSchemas(document.paths)) ajv.compile(referringById(schema) as object);
});

test('a parameter says its unit', () => {
  const { properties } = document.components.schemas.CannyStep.properties.params;
  expect(properties.apertureSize.description).toBe('side of the Sobel kernel (px)');
});

test('what a call refuses is documented, whoever may make it', () => {
  for (const [path, item] of Object.entries<Record<string, { responses: object }>>(document.paths))
    for (const [method, { responses }] of Object.entries(item))
      expect([path, method, Object.keys(responses)]).toEqual([
        path,
        method,
        expect.arrayContaining(['400', '500', '503']),
      ]);
});

function referringById(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"/'));
}

function inlineSchemas(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === 'schema' ? [inner] : inlineSchemas(inner)));
}
