import type { Job, Task } from '../../clients/typescript/src/index.ts';

export const stateWords: Record<Task['state'] | Job['state'], string> = {
  Queued: 'Waiting',
  Running: 'Running',
  Succeeded: 'Done',
  Completed: 'Done',
  Failed: 'Failed',
  Canceled: 'Canceled',
};

export function StateBadge({ state }: { state: Task['state'] | Job['state'] }) {
  return <span class={`badge ${state.toLowerCase()}`}>{stateWords[state]}</span>;
}
