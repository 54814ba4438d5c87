/** Writes the tables of docs/settings.md from the declarations of the settings: `npm run fix`, or `node ops/settings-page.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { schema } from '../lib/config/settings.ts';
import { projectRoot } from '../lib/project-root.ts';
import { storageSchema } from '../lib/storage/access.ts';

const page = join(projectRoot, 'docs/settings.md');
const ofPlatform = 'Set by the platform: ';

interface Declaration {
  description: string;
  default: string | number;
  /** Said in place of a default that differs from machine to machine. */
  defaultText?: string;
  type: string;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}

/** The page with its tables as the declarations are. Each stands between `<!-- table: NAME -->` and `<!-- end -->`. */
export function withTables(text: string): string {
  const settings = declarationsOf(schema);
  const tables: Record<string, string[]> = {
    app: settings.filter(isChosen).map(rowOf),
    storage: declarationsOf(storageSchema).map(rowOf),
    platform: settings.filter((setting) => !isChosen(setting)).map(platformRowOf),
  };
  const head = '| setting | default | values | what it does |\n| --- | --- | --- | --- |';
  const heads: Record<string, string> = { platform: '| setting | what it is |\n| --- | --- |' };
  return text.replaceAll(/(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start, name, end) => {
    const rows = tables[name];
    if (rows === undefined) throw new Error(`docs/settings.md asks for table ${name}, which there is not.`);
    return `${start}${heads[name] ?? head}\n${rows.join('\n')}\n${end}`;
  });
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

if (import.meta.main) writeFileSync(page, withTables(readFileSync(page, 'utf8')));
