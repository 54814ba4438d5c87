import type { TimerHandler } from '@azure/functions';
import { cleanUp } from '../../lib/recovery/clean-up.ts';
import { settings } from '../settings.ts';
import { storage } from '../storage.ts';

/** Timer: deletes what has been kept for as long as the settings say. */
export const cleanUpPast: TimerHandler = async (_timer) => {
  const { retentionMs, maxImageBytes: maxUploadBytes } = settings;
  await cleanUp(await storage(), retentionMs, Date.now(), { maxUploadBytes });
};
