import { Heartbeat } from '../../lib/instances/heartbeat.ts';
import type { Storage } from '../../lib/storage/storage.ts';
import { settings } from '../settings.ts';

/** Signs of life in the time after which an instance is taken for dead. */
const beatsPerSilence = 4.5;

let heartbeat: Heartbeat | undefined;

/** This instance's. */
export function heartbeatIn({ instances }: Storage): Heartbeat {
  const { instanceId, instanceSilentMs } = settings;
  heartbeat ??= new Heartbeat(instances, instanceId, instanceSilentMs / beatsPerSilence);
  return heartbeat;
}
