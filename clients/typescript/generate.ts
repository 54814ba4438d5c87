/** Writes src/api.ts: the types of the API, from the declarations that the service itself checks requests against. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapi, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { openApiDocument } from '../../lib/http/openapi.ts';
import { version } from '../../lib/project-root.ts';

const types = await openapi(openApiDocument(version) as unknown as OpenAPI3, {
  alphabetize: true,
  // What has a default may be left out of a request.
  defaultNonNullable: false,
});
await writeFile(join(import.meta.dirname, 'src/api.ts'), astToString(types));
