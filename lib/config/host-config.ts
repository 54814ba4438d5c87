import { join } from 'node:path';
import { readJson } from '../read-json.ts';

/** What the runner and the app follow of host.json, with the Functions host's defaults. */
export interface HostConfig {
  routePrefix: string;
  /** How long an invocation may take before its process is ended; null for ever. */
  functionTimeoutMs: number | null;
  singleton: SingletonConfig;
  queues: QueueConfig;
}

/** How instances agree on which of them fires a timer. */
export interface SingletonConfig {
  /** How long an instance that has died keeps the others from it. */
  lockPeriodMs: number;
  /** How often the others ask. */
  recoveryMs: number;
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

type Entry = Json | string | number | boolean;
type Json = { [name: string]: Entry };

/** How long a blob can be leased, in milliseconds. */
const leaseMs = { min: 15_000, max: 60_000 };
/** Of the Flex Consumption plan. */
const defaultTimeout = '00:30:00';

/**
 * Reads host.json; settings named `AzureFunctionsJobHost__a__b` override what stands at `a.b` there, as in the host.
 * Throws an error that names the entry which is wrong.
 */
export function readHostConfig(root: string, environment: Record<string, string | undefined>): HostConfig {
  const file = readJson(join(root, 'host.json')) as Json;
  for (const [name, value] of Object.entries(environment)) {
    const [prefix, ...path] = name.split('__');
    if (prefix === 'AzureFunctionsJobHost' && value !== undefined) override(file, path, value);
  }
  const queue = (name: string) => `extensions.queues.${name}`;
  const batchSize = wholeNumber(file, queue('batchSize'), 16, 1, 32);
  return {
    routePrefix: String(entryAt(file, 'extensions.http.routePrefix') ?? 'api'),
    functionTimeoutMs:
      entryAt(file, 'functionTimeout') === '-1' ? null : timeSpan(file, 'functionTimeout', defaultTimeout),
    singleton: {
      lockPeriodMs: timeSpan(file, 'singleton.listenerLockPeriod', '00:01:00', leaseMs),
      recoveryMs: timeSpan(file, 'singleton.listenerLockRecoveryPollingInterval', '00:01:00'),
    },
    queues: {
      batchSize,
      newBatchThreshold: wholeNumber(file, queue('newBatchThreshold'), Math.floor(batchSize / 2), 0, 1000),
      visibilityTimeoutMs: timeSpan(file, queue('visibilityTimeout'), '00:00:00'),
      maxDequeueCount: wholeNumber(file, queue('maxDequeueCount'), 5, 1, 1000),
      maxPollingIntervalMs: timeSpan(file, queue('maxPollingInterval'), '00:01:00'),
      messageEncoding: oneOf(file, queue('messageEncoding'), ['base64', 'none']),
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

function entryAt(file: Json, path: string): Entry | undefined {
  return path.split('.').reduce<Entry | undefined>((found, name) => (found as Json | undefined)?.[name], file);
}

function wholeNumber(file: Json, path: string, otherwise: number, min: number, max: number): number {
  const value = Number(entryAt(file, path) ?? otherwise);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(path, `must be a whole number from ${min} to ${max}`);
}

/** In milliseconds. */
function timeSpan(file: Json, path: string, otherwise: string, range?: { min: number; max: number }): number {
  const text = String(entryAt(file, path) ?? otherwise);
  const value = parseTimeSpan(text);
  if (value === null) throw wrong(path, `must be a time span such as 00:00:30, not ${text}`);
  if (range && !(value >= range.min && value <= range.max))
    throw wrong(path, `must be from ${range.min / 1000} to ${range.max / 1000} seconds`);
  return value;
}

/** The first is the default. */
function oneOf<Name extends string>(file: Json, path: string, names: [Name, ...Name[]]): Name {
  const value = entryAt(file, path) ?? names[0];
  const name = names.find((name) => name === value);
  if (name === undefined) throw wrong(path, `must be one of ${names.join(', ')}`);
  return name;
}

function wrong(path: string, detail: string): Error {
  const setting = `AzureFunctionsJobHost__${path.replaceAll('.', '__')}`;
  return new Error(`${path} in host.json, or the setting ${setting}: ${detail}`);
}

/** .NET's `[d.]hh:mm:ss[.fff]` in milliseconds; null where it is none. */
export function parseTimeSpan(text: string): number | null {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const [days = 0, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
