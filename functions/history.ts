import { observeLog } from '../lib/log.ts';
import { HistoryRecorder } from '../lib/telemetry/history-recorder.ts';
import { settings } from './settings.ts';
import { storage } from './storage.ts';

const recorder = new HistoryRecorder({
  open: async () => (await storage()).history,
  process: settings.instanceId,
  intervalMs: settings.historyIntervalMs,
});

/** Begins to write down what operators see of the last hours. */
export function recordHistory(): void {
  observeLog(recorder.observe);
}

/** Writes what there is, before the instance ends. */
export function flushHistory(): Promise<void> {
  return recorder.flush();
}
