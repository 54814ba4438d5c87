import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the runner follows of host.json, with the Functions host's defaults. */
export interface HostConfig {
  routePrefix: string;
  queues: QueueConfig;
}

export interface QueueConfig {
  /** Messages fetched at a time. */
  batchSize: number;
  /** A new batch is fetched when no more than this many messages are being worked on. */
  newBatchThreshold: number;
  /** How long a message stays hidden after a failed attempt. */
  visibilityTimeoutMs: number;
  /** Attempts before a message goes to the poison queue. */
  maxDequeueCount: number;
  maxPollingIntervalMs: number;
  messageEncoding: 'base64' | 'none';
}

type Json = { [name: string]: Json | string | number | boolean };

/** Reads host.json; settings named `AzureFunctionsJobHost__a__b` override what stands at `a.b` there, as in the host. */
export function readHostConfig(root: string, environment: Record<string, string | undefined>): HostConfig {
  const file = JSON.parse(readFileSync(join(root, 'host.json'), 'utf8')) as Json;
  for (const [name, value] of Object.entries(environment)) {
    const [prefix, ...path] = name.split('__');
    if (prefix === 'AzureFunctionsJobHost' && value !== undefined) override(file, path, value);
  }
  const http = section(file, 'http');
  const queues = section(file, 'queues');
  const batchSize = Number(queues.batchSize ?? 16);
  return {
    routePrefix: String(http.routePrefix ?? 'api'),
    queues: {
      batchSize,
      newBatchThreshold: Number(queues.newBatchThreshold ?? Math.floor(batchSize / 2)),
      visibilityTimeoutMs: parseTimeSpan(String(queues.visibilityTimeout ?? '00:00:00')),
      maxDequeueCount: Number(queues.maxDequeueCount ?? 5),
      maxPollingIntervalMs: parseTimeSpan(String(queues.maxPollingInterval ?? '00:01:00')),
      messageEncoding: queues.messageEncoding === 'none' ? 'none' : 'base64',
    },
  };
}

function override(target: Json, path: string[], value: string): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    target[name] = value;
  } else {
    target[name] ??= {};
    override(target[name] as Json, rest, value);
  }
}

function section(file: Json, name: string): Json {
  return ((file.extensions as Json | undefined)?.[name] as Json | undefined) ?? {};
}

/** .NET's `[d.]hh:mm:ss[.fff]` in milliseconds. */
export function parseTimeSpan(text: string): number {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) throw new Error(`Not a time span: ${text}`);
  const [days = 0, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
