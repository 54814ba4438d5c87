/** What is told of the ends of tasks, by metrics and by the history alike. */
import type { LogEvent } from '../log.ts';
import type { Task, Timings } from '../model/task.ts';

/** Whether a task has ended by itself. */
export function isEnd(event: LogEvent): boolean {
  return event === 'task-succeeded' || event === 'task-failed';
}

/** `queued`, `download`, … and `total`, from the creation on; in milliseconds. */
export function phasesOf({ timings, createdAt, finishedAt }: Task): [phase: string, ms: number][] {
  const timed = Object.entries(timings as Required<Timings>).map(([name, ms]): [string, number] => [
    name.replace(/Ms$/, ''),
    ms,
  ]);
  return finishedAt ? [...timed, ['total', finishedAt.getTime() - createdAt.getTime()]] : timed;
}

/** The last part of a problem's type, such as `corrupt-image`. */
export function typeOf({ error }: Record<string, unknown>): string {
  const { type } = (error ?? {}) as { type?: unknown };
  return typeof type === 'string' ? (type.split(':').at(-1) ?? '') : '';
}
