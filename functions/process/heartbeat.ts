import { Heartbeat } from '../../lib/tasks/heartbeat.ts';
import type { Storage } from '../../lib/tasks/storage.ts';
import { Workers } from '../../lib/tasks/workers.ts';
import { settings } from '../settings.ts';

/** Signs of life in the time after which an instance is taken for dead. */
const beatsPerSilence = 4.5;

let heartbeat: Heartbeat | undefined;

/** This instance's. */
export function heartbeatIn({ workers }: Storage): Heartbeat {
  const { instanceId, workerSilentMs } = settings;
  heartbeat ??= new Heartbeat(new Workers(workers), instanceId, workerSilentMs / beatsPerSilence);
  return heartbeat;
}
