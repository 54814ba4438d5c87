/** Serves HTTP functions of a test in its own process: the genuine `@azure/functions`, behind the local host. */
import type { HttpHandler } from '@azure/functions';
import { logInInvocations } from '../../functions/invocation-log.ts';
import { FunctionsCore } from '../../local/functions-core.ts';
import { HttpServer, type HttpServerOptions } from '../../local/http-server.ts';
import { Invoker } from '../../local/invocation.ts';
import type { Log } from '../../local/log.ts';
import { ownFunctionsLibrary } from './functions-library.ts';

export interface LocalHost {
  url: string;
  /** What the functions have logged so far. */
  logged: string[];
  stop(): Promise<void>;
}

export const plainOptions: HttpServerOptions = {
  port: 0,
  routePrefix: 'api',
  functionKeys: [],
  origins: [],
  hostNames: [],
  fallback: (_, response) => response.writeHead(404).end(),
};

/** Serves what `load` gives, each at `/api/<name>`; what it imports meets a library that has not started yet. */
export async function serveFunctions(load: () => Promise<Record<string, HttpHandler>>): Promise<LocalHost> {
  const logged: string[] = [];
  const log: Log = (level, message) => logged.push(`${level} ${message}`);
  const core = new FunctionsCore(log);
  core.install();
  const { app } = ownFunctionsLibrary();
  app.setup({ enableHttpStream: true });
  logInInvocations(app);
  for (const [name, handler] of Object.entries(await load())) app.http(name, { authLevel: 'anonymous', handler });
  const server = await HttpServer.start(core, new Invoker(core, log), plainOptions, log);
  return { url: server.url, logged, stop: () => server.stop() };
}
