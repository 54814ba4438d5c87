/** What an estimate rests on, for those who read it. */
import { measured } from './image-cost.ts';
import { type Platform, telemetryBytesPerTask } from './platform.ts';

interface Assumption {
  name: string;
  value: number | string;
  description: string;
}

export function assumptionsOf(platform: Platform, retentionDays: number): Assumption[] {
  return [
    {
      name: 'cpu',
      value: measured.on,
      description: `CPU times were measured there on ${measured.date}; a core in Azure is taken to be as fast`,
    },
    { name: 'parameters', value: 'defaults', description: 'of each operation, except for the size of resize and crop' },
    { name: 'memoryGb', value: platform.memoryGb, description: 'memory of an instance, which has one core for 2 GB' },
    { name: 'maximumInstances', value: platform.maximumInstances, description: 'TESSERA_PROCESS_MAXIMUM' },
    {
      name: 'coreQuota',
      value: platform.coreQuota,
      description: 'cores of the subscription in the region; other instances use some of them',
    },
    {
      name: 'instancesPerDecision',
      value: platform.instancesPerDecision,
      description: `instances that the platform adds every ${platform.decisionSeconds} s`,
    },
    {
      name: 'firstLookSeconds',
      value: platform.firstLookSeconds,
      description: 'until the platform starts the first instance',
    },
    {
      name: 'coldStartSeconds',
      value: platform.coldStartSeconds,
      description: 'until an instance that starts takes its first task',
    },
    { name: 'requestSeconds', value: platform.requestSeconds, description: 'of one request to the storage' },
    { name: 'bytesPerSecond', value: platform.bytesPerSecond, description: 'between an instance and the storage' },
    { name: 'storageAccounts', value: platform.accounts, description: 'that tasks are spread over' },
    { name: 'telemetryBytes', value: telemetryBytesPerTask, description: 'log and traces of a task, at most' },
    {
      name: 'retentionDays',
      value: retentionDays,
      description: 'RETENTION_DAYS: results are kept for this long, uploads for twice as long',
    },
    {
      name: 'images',
      value: 'uploaded before',
      description: 'to the storage account, and submitted as jobs; nothing else is processed meanwhile',
    },
  ];
}
