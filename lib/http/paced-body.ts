import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { connectionOf } from './connections.ts';

export interface PaceLimits {
  /** How long a client may take nothing, in milliseconds. */
  stallMs: number;
  /** How long an answer may take in all, in milliseconds. */
  totalMs: number;
}

/** Well below functionTimeout (host.json), after which the Functions host ends an instance and all its work. */
const usual: PaceLimits = { stallMs: 60_000, totalMs: 9 * 60_000 };

/**
 * The chunks of a body, each taken from its source once the client has taken most of those before: `@azure/functions`
 * writes whatever it is given without waiting (src/http/httpProxy.ts). The source is destroyed when the client leaves.
 * Where the source fails, or a limit is passed, the connection is closed, so that no client takes a part for the whole;
 * `onBroken` is told why.
 */
export async function* pacedBody(
  source: Readable,
  invocationId: string,
  onBroken: (error: unknown) => void,
  limits: PaceLimits = usual,
): AsyncGenerator<Uint8Array> {
  const connection = connectionOf(invocationId);
  if (connection === 'unknown') return yield* source;
  if (connection === 'closed') return void source.destroy();
  const leave = () => source.destroy();
  connection.once('close', leave);
  const deadline = Date.now() + limits.totalMs;
  try {
    for await (const chunk of source) {
      yield chunk;
      await drained(connection, Math.min(limits.stallMs, deadline - Date.now()));
      if (connection.destroyed) return;
      if (Date.now() > deadline) throw new Error('The answer takes too long.');
    }
  } catch (error) {
    if (connection.destroyed) return;
    onBroken(error);
    connection.destroy();
  } finally {
    connection.off('close', leave);
  }
}

/** Waits until the connection takes more, or is closed. Throws after `limitMs`. */
async function drained(connection: ServerResponse, limitMs: number): Promise<void> {
  if (!connection.writableNeedDrain) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('The client takes nothing, or too little.')), Math.max(0, limitMs));
  connection.once('drain', resolve).once('close', resolve);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    connection.off('drain', resolve).off('close', resolve);
  }
}
