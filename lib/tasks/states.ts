/** A task's states and the only ways between them. */
export const taskStates = ['Queued', 'Running', 'Succeeded', 'Failed', 'Cancelled'] as const;
export type TaskState = (typeof taskStates)[number];

/**
 * start: an instance takes the task, also over from one that went silent. succeed, fail: it is done.
 * release: an attempt failed, and the queue will deliver the task again.
 */
export type TaskEvent = 'start' | 'succeed' | 'fail' | 'release';

const transitions: Record<TaskEvent, Partial<Record<TaskState, TaskState>>> = {
  start: { Queued: 'Running', Running: 'Running' },
  succeed: { Running: 'Succeeded' },
  fail: { Queued: 'Failed', Running: 'Failed' },
  release: { Running: 'Queued' },
};

/** The state after the event, or undefined where the event is not possible. */
export function nextState(from: TaskState, event: TaskEvent): TaskState | undefined {
  return transitions[event][from];
}

export function isFinal(state: TaskState): boolean {
  return Object.values(transitions).every((from) => from[state] === undefined);
}
