/** What a schema found wrong, as a rule that a sentence can end with: "must be at least 0". */
import type { z } from 'zod';

/** Rules that were written for their field; the library's own begin otherwise. */
const libraryWords = /^(Invalid|Too small|Too big|Unrecognized)/;

export function issueInWords(issue: z.core.$ZodIssue): string {
  if (!libraryWords.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'too_small':
      return `must ${bound(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)}`;
    case 'too_big':
      return `must ${bound(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)}`;
    case 'invalid_type':
      return / undefined$/.test(issue.message) ? 'must be given' : `must be ${typeInWords(issue.expected)}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return issue.message.replace(/^Invalid input: /, 'is not valid: ');
  }
}

function bound(origin: string, rule: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${rule} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `have ${rule} ${limit} items`;
  return `be ${rule} ${limit}`;
}

const types: Record<string, string> = {
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
};

function typeInWords(type: string): string {
  return types[type] ?? type;
}
