/** A task's states and the only ways between them. */
export const taskStates = ['Queued', 'Running', 'Succeeded', 'Failed', 'Canceled'] as const;
export type TaskState = (typeof taskStates)[number];

/**
 * start: an instance takes the task, also over from one that went silent. succeed, fail: it is done. reuse: an earlier task
 * did the same work, and its result serves. release: an attempt failed, and the queue will deliver the task again.
 * cancel, retry: its owner says so.
 */
export const taskEvents = ['start', 'succeed', 'fail', 'reuse', 'release', 'cancel', 'retry'] as const;
export type TaskEvent = (typeof taskEvents)[number];

const transitions: Record<TaskEvent, Partial<Record<TaskState, TaskState>>> = {
  start: { Queued: 'Running', Running: 'Running' },
  succeed: { Running: 'Succeeded' },
  fail: { Queued: 'Failed', Running: 'Failed' },
  reuse: { Queued: 'Succeeded' },
  release: { Running: 'Queued' },
  cancel: { Queued: 'Canceled', Running: 'Canceled' },
  retry: { Failed: 'Queued', Canceled: 'Queued' },
};

const final: Record<TaskState, boolean> = {
  Queued: false,
  Running: false,
  Succeeded: true,
  Failed: true,
  Canceled: true,
};

/** The state after the event, or undefined where the event is not possible. */
export function nextState(from: TaskState, event: TaskEvent): TaskState | undefined {
  return transitions[event][from];
}

/** Whether a task in this state is where the event leads, so that a repeated request has nothing left to do. */
export function leadsTo(event: TaskEvent, state: TaskState): boolean {
  return Object.values(transitions[event]).includes(state);
}

/** Whether no instance will work on the task any more, unless its owner wants it tried again. */
export function isFinal(state: TaskState): boolean {
  return final[state];
}

/** How many tasks of a job are in each state. */
export type Counts = Record<TaskState, number>;

export function noCounts(): Counts {
  return Object.fromEntries(taskStates.map((state) => [state, 0])) as Counts;
}

export function sumOfCounts(some: Counts[]): Counts {
  const sum = noCounts();
  for (const counts of some) for (const state of taskStates) sum[state] += counts[state];
  return sum;
}
