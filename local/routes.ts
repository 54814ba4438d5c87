/** Route templates as the Functions host takes them: literals, `{name}`, `{name?}`, `{name:int}` and `{*rest}`. */

const constraints: Record<string, string> = { int: '-?\\d+', guid: '[0-9a-fA-F-]{36}', alpha: '[A-Za-z]+' };

export interface Route {
  pattern: RegExp;
  names: string[];
}

/** Throws where the template has a constraint that is not known here. */
export function compileRoute(template: string): Route {
  const names: string[] = [];
  const pattern = template.split('/').map((segment) => {
    const [, rest, name, constraint, optional] = /^\{(\*?)(\w+)(?::(\w+))?(\?)?\}$/.exec(segment) ?? [];
    if (name === undefined) return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    names.push(name);
    if (rest) return '(?:/(.*))?';
    const value = constraint === undefined ? '[^/]+' : constraints[constraint];
    if (value === undefined) throw new Error(`Route ${template}: the constraint ${constraint} is not known here.`);
    return optional ? `(?:/(${value}))?` : `/(${value})`;
  });
  return { pattern: new RegExp(`^${pattern.join('')}/?$`, 'i'), names };
}

/** The parameters of a path, decoded; null where it does not match. */
export function matchRoute({ pattern, names }: Route, path: string): Record<string, string> | null {
  const match = pattern.exec(path);
  if (!match) return null;
  const values = names.map((name, i) => [name, match[i + 1]] as const).filter(([, value]) => value !== undefined);
  return Object.fromEntries(values.map(([name, value]) => [name, decoded(value)]));
}

/** What is no UTF-8 stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
