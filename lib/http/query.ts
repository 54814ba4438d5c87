import type { HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { issueInWords } from '../issue-words.ts';
import { fieldProblem } from '../problems.ts';

/** What the platform itself takes from the query. */
const platformFields = new Set(['code', 'clientId']);

/** The query of a request, checked: numbers are read as such, and a field that is unknown or given twice is refused. */
export function readQuery<T extends z.ZodObject>(request: HttpRequest, schema: T): z.output<T> {
  const values: Record<string, string | number> = {};
  for (const [name, text] of request.query) {
    if (platformFields.has(name)) continue;
    if (Object.hasOwn(values, name)) throw fieldProblem(name.slice(0, 100), 'is specified more than once');
    // What may be a text is one, also where it looks like a number.
    const isText = schema.shape[name]?.safeParse(text).success ?? false;
    values[name] = !isText && /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys')
    throw fieldProblem(issue.keys[0].slice(0, 100), 'is not a field of the query');
  throw fieldProblem(issue.path.join('.'), issueInWords(issue));
}
