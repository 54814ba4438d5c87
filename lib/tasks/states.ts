/** A task's states and the only ways between them. */
export const taskStates = ['Queued', 'Running', 'Succeeded', 'Failed', 'Cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/**
 * start: an instance takes the task, also over from one that went silent. succeed, fail: it is done.
 * release: an attempt failed, and the queue will deliver the task again. cancel, retry: its owner says so.
 */
export type TaskEvent = 'start' | 'succeed' | 'fail' | 'release' | 'cancel' | 'retry';

const transitions: Record<TaskEvent, Partial<Record<TaskState, TaskState>>> = {
  start: { Queued: 'Running', Running: 'Running' },
  succeed: { Running: 'Succeeded' },
  fail: { Queued: 'Failed', Running: 'Failed' },
  release: { Running: 'Queued' },
  cancel: { Queued: 'Cancelled', Running: 'Cancelled' },
  retry: { Failed: 'Queued', Cancelled: 'Queued' },
};

/** The state after the event, or undefined where the event is not possible. */
export function nextState(from: TaskState, event: TaskEvent): TaskState | undefined {
  return transitions[event][from];
}

/** Whether no instance will work on the task any more, unless its owner wants it tried again. */
export function isFinal(state: TaskState): boolean {
  return state !== 'Queued' && state !== 'Running';
}

/** How many tasks of a job are in each state. */
export type Counts = Record<TaskState, number>;

export function noCounts(): Counts {
  return { Queued: 0, Running: 0, Succeeded: 0, Failed: 0, Cancelled: 0 };
}
