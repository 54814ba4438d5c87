/** Writes the tables of README.md and docs/settings.md from the declarations: `npm run fix`, or `node ops/docs-tables.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { schema } from '../lib/config/settings.ts';
import { calls } from '../lib/http/calls/index.ts';
import { operations } from '../lib/operations/registry.ts';
import { projectRoot } from '../lib/project-root.ts';
import { storageSchema } from '../lib/storage/access.ts';

/** The pages that have generated tables. */
export const pages = ['README.md', 'docs/settings.md'];
const ofPlatform = 'Set by the platform: ';

interface Declaration {
  description: string;
  default: string | number;
  /** Shown in place of a default that differs from machine to machine. */
  defaultText?: string;
  type: string;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

/** The tables by name, each a list of lines. */
function tables(): Record<string, string[]> {
  const settings = declarationsOf(schema);
  const head = ['| setting | default | values | what it does |', '| --- | --- | --- | --- |'];
  return {
    app: [...head, ...settings.filter(isChosen).map(rowOf)],
    storage: [...head, ...declarationsOf(storageSchema).map(rowOf)],
    platform: [
      '| setting | what it is |',
      '| --- | --- |',
      ...settings.filter((setting) => !isChosen(setting)).map(platformRowOf),
    ],
    calls: ['| call | what it does |', '| --- | --- |', ...calls.map(callRowOf)],
    operations: ['| group | operations |', '| --- | --- |', ...operationRows()],
  };
}

/** The page with current tables. Each stands between `<!-- table: NAME -->` and `<!-- end -->`. */
export function withTables(text: string): string {
  const current = tables();
  return text.replaceAll(/(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start, name, end) => {
    const lines = current[name];
    if (lines === undefined) throw new Error(`There is no table ${name}.`);
    return `${start}${lines.join('\n')}\n${end}`;
  });
}

function callRowOf({ method, route, summary }: (typeof calls)[number]): string {
  return `| \`${method} /api/${route}\` | ${cell(summary)} |`;
}

function operationRows(): string[] {
  const byGroup = Map.groupBy(operations.values(), ({ group }) => group);
  return [...byGroup].map(
    ([group, members]) => `| ${group} | ${members.map(({ name }) => `\`${name}\``).join(', ')} |`,
  );
}

function declarationsOf(declared: z.ZodObject): [string, Declaration][] {
  const { properties } = z.toJSONSchema(declared, { io: 'input' });
  return Object.entries(properties as Record<string, Declaration>);
}

function isChosen([, { description }]: [string, Declaration]): boolean {
  return !description.startsWith(ofPlatform);
}

function rowOf([name, declaration]: [string, Declaration]): string {
  const value = declaration.defaultText ?? (declaration.default === '' ? '' : `\`${declaration.default}\``);
  return `| \`${name}\` | ${value} | ${valuesOf(declaration)} | ${cell(declaration.description)} |`;
}

function platformRowOf([name, { description }]: [string, Declaration]): string {
  return `| \`${name}\` | ${cell(description.slice(ofPlatform.length))} |`;
}

function valuesOf(declaration: Declaration): string {
  const { type, enum: names, minimum, exclusiveMinimum, maximum = Number.MAX_SAFE_INTEGER } = declaration;
  if (names) return names.flatMap((name) => (name === '' ? [] : `\`${name}\``)).join(', ');
  if (type === 'string') return '';
  const from = minimum === undefined ? `more than ${exclusiveMinimum}` : `${number(minimum)}`;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${number(maximum)}`;
  return type === 'integer' ? `${range}, whole` : range;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

if (import.meta.main)
  for (const page of pages) {
    const path = join(projectRoot, page);
    writeFileSync(path, withTables(readFileSync(path, 'utf8')));
  }
