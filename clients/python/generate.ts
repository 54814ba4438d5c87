/** Writes tessera/api.py: a method for each call of the API, from the declarations that the service itself checks requests against. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '../../lib/http/openapi.ts';
import { version } from '../../lib/project-root.ts';

interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  description?: string;
}

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, unknown> };
}

const target = join(import.meta.dirname, 'tessera/api.py');

function pythonApi(): string {
  const { paths } = openApiDocument(version) as unknown as { paths: Record<string, Record<string, Operation>> };
  const methods = Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, operation]) => methodOf(path, method.toUpperCase(), operation)),
  );
  return `"""A method for each call of the API. Written by generate.ts: do not edit."""

from __future__ import annotations

from typing import Any

from .transport import Transport


class Api(Transport):
    """Each method gives what the call answers: parsed JSON, or the bytes of a file. Raises TesseraError."""
${methods.join('')}`;
}

function methodOf(
  path: string,
  method: string,
  { operationId, summary, description, parameters, requestBody }: Operation,
) {
  const own = (parameters ?? []).filter(({ $ref }) => $ref === undefined);
  const inPath = own.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  const bodies = Object.keys(requestBody?.content ?? {});
  const takesJson = bodies.includes('application/json');
  // Where a body can be something else, the query is for that.
  const query = takesJson && bodies.length > 1 ? [] : own.filter((parameter) => parameter.in === 'query');
  const named = [
    ...(takesJson ? ['body: dict[str, Any]'] : []),
    ...query.map(({ name }) => `${snake(name)}: Any = None`),
  ];
  const repeatable = method === 'POST' ? ['idempotency_key: str | None = None'] : [];
  const keywords = [...named.slice(takesJson ? 1 : 0), ...repeatable];
  const signature = [
    'self',
    ...inPath.map((name) => `${snake(name)}: str`),
    ...named.slice(0, takesJson ? 1 : 0),
    ...(keywords.length > 0 ? ['*', ...keywords] : []),
  ];
  const docs = [`${summary}.`, ...(description ? ['', ...description.split('\n')] : [])];
  const facts = query
    .filter((parameter) => parameter.description)
    .map(({ name, description }) => `${snake(name)}: ${description}`);
  const text = [...docs, ...(facts.length > 0 ? ['', ...facts] : [])].join('\n        ').replaceAll('\\', '\\\\');
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => `{self.quote(${snake(name)})}`);
  const options = [
    ...(query.length > 0 ? [`query={${query.map(({ name }) => `"${name}": ${snake(name)}`).join(', ')}}`] : []),
    ...(takesJson ? ['body=body'] : []),
    ...(repeatable.length > 0 ? ['idempotency_key=idempotency_key'] : []),
  ];
  return `
    def ${snake(operationId)}(${signature.join(', ')}) -> Any:
        """${text}${text.includes('\n') ? '\n        ' : ''}"""
        return self.request(${[`"${method}"`, `${inPath.length > 0 ? 'f' : ''}"${filled}"`, ...options].join(', ')})
`.replaceAll(/[ ]+$/gm, '');
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export async function writePythonApi(): Promise<void> {
  await writeFile(target, pythonApi());
}

if (import.meta.main) await writePythonApi();
