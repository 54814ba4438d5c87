import type { RegisteredFunction } from './functions-core.ts';
import { triggerBinding } from './invocation.ts';
import { compileRoute, matchRoute, type Route } from './routes.ts';

export interface HttpFunction {
  fn: RegisteredFunction;
  route: Route;
  methods: string[];
  protectedByKey: boolean;
}

export interface RouteMatch {
  fn: RegisteredFunction;
  protectedByKey: boolean;
  params: Record<string, string>;
}

/**
 * The HTTP functions in the order in which the Functions host tries them: by name, whatever their routes are like, so
 * that a catch-all hides every function whose name comes after its own.
 * (azure-functions-host: `FunctionMetadataManager` sorts by name, `OrdinalIgnoreCase`; the first route that matches wins.)
 */
export class RouteTable {
  readonly #functions: HttpFunction[];

  constructor(functions: readonly RegisteredFunction[], routePrefix: string) {
    const byName = functions.toSorted((a, b) => compareNames(a.metadata.name, b.metadata.name));
    this.#functions = byName.flatMap((fn) => httpFunction(fn, routePrefix));
  }

  find(method: string, path: string): RouteMatch | null {
    for (const { fn, route, methods, protectedByKey } of this.#functions) {
      const params = methods.includes(method) ? matchRoute(route, path) : null;
      if (params) return { fn, protectedByKey, params };
    }
    return null;
  }
}

/** .NET's `OrdinalIgnoreCase`: by UTF-16 units in upper case. */
function compareNames(a: string, b: string): number {
  const [upperA, upperB] = [a.toUpperCase(), b.toUpperCase()];
  return upperA < upperB ? -1 : upperA > upperB ? 1 : 0;
}

function httpFunction(fn: RegisteredFunction, routePrefix: string): HttpFunction[] {
  const [, { type, route = fn.metadata.name, methods = [], authLevel }] = triggerBinding(fn.metadata);
  if (type !== 'httpTrigger') return [];
  return [
    {
      fn,
      route: compileRoute(`${routePrefix}/${route}`),
      methods: methods.map((method) => method.toUpperCase()),
      protectedByKey: authLevel !== 'anonymous',
    },
  ];
}
