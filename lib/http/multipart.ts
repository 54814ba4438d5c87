import type { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { fieldProblem, problem } from '../problems.ts';

export interface MultipartHandlers {
  field(name: string, value: string): void;
  /** Must read `content` to its end, or throw. */
  file(field: string, fileName: string | undefined, content: Readable): Promise<void>;
}

const limits = { fields: 100, fieldNameSize: 100, fieldSize: 256 * 2 ** 10, files: 4, headerPairs: 100 };

/** Reads a multipart/form-data body part by part. Throws the first problem of a handler, or `malformed-request`. */
export async function parseMultipart(headers: Headers, body: Readable, handlers: MultipartHandlers): Promise<void> {
  const parser = createParser(headers);
  const files: { content: Readable; handled: Promise<void> }[] = [];
  const { promise: finished, resolve: finish, reject: fail } = Promise.withResolvers<void>();
  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated) fail(fieldProblem(name, `has a name of more than ${limits.fieldNameSize} bytes`));
    else if (valueTruncated) fail(fieldProblem(name, `has more than ${limits.fieldSize} bytes`));
    else handlers.field(name, value);
  });
  parser.on('file', (field, content, fileName) => {
    const handled = handlers.file(field, fileName, content);
    content.on('error', (error) => fail(malformed(error.message)));
    handled.catch(fail);
    files.push({ content, handled });
  });
  parser.on('fieldsLimit', () => fail(problem('malformed-request', `There are more than ${limits.fields} fields.`)));
  parser.on('filesLimit', () => fail(problem('malformed-request', `There are more than ${limits.files} files.`)));
  parser.on('error', (error) => fail(malformed((error as Error).message)));
  parser.on('finish', finish);
  body.on('error', (error) => fail(malformed(error.message)));
  body.pipe(parser);
  try {
    await finished;
  } catch (error) {
    // The rest of the body is let through unread; handlers still waiting for theirs are told.
    body.unpipe(parser);
    body.resume();
    for (const { content } of files) content.destroy();
    await Promise.allSettled(files.map(({ handled }) => handled));
    throw error;
  }
  await Promise.all(files.map(({ handled }) => handled));
}

function createParser(headers: Headers) {
  try {
    return new Busboy({ headers: Object.fromEntries(headers) as BusboyHeaders, limits });
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

function malformed(reason: string) {
  return problem('malformed-request', `The multipart body cannot be read: ${reason}.`);
}
