import type { Telemetry } from '../lib/telemetry/telemetry.ts';
import { settings } from './settings.ts';

let starting: Promise<Telemetry | null> | undefined;

/** Begins to send telemetry where the settings name a place for it; its libraries are loaded only then, and beside other work. */
export function startTelemetry(): void {
  starting ??= start().catch((error) => {
    console.warn(`Telemetry is not sent: ${(error as Error).message}`);
    return null;
  });
}

async function start(): Promise<Telemetry | null> {
  const { telemetry, traceRatio: ratio, group, instanceId: instance, roles } = settings;
  if (telemetry.otlpEndpoint === '' && telemetry.insights === '') return null;
  const { exportersFor, Telemetry } = await import('../lib/telemetry/telemetry.ts');
  const options = { ...telemetry, ratio, cores: settings.cores, role: [...roles].join('-'), group, instance };
  return Telemetry.start(await exportersFor(options), options);
}

/** Sends what there is, before the instance ends. */
export async function flushTelemetry(): Promise<void> {
  await (await starting)?.flush().catch((error) => console.warn(`Telemetry is lost: ${(error as Error).message}`));
}
