/** What a host-like runner says of its processes. */
import type { Runner } from './runner.ts';
import { until } from './until.ts';

/** The latest process of each scale group, by what the runner has printed. */
export function processes({ output }: Runner): Map<string, number> {
  const served = output.flatMap((line) => {
    const [, group, pid] = /(\S+) is served by process (\d+)/.exec(line) ?? [];
    return group === undefined ? [] : [[group, Number(pid)] as const];
  });
  return new Map(served);
}

export function processOf(runner: Runner, group: string): number {
  const pid = processes(runner).get(group);
  if (pid === undefined) throw new Error(`No process serves ${group}.`);
  return pid;
}

/** Waits until the runner has printed a line. */
export function printed({ output }: Runner, pattern: RegExp): Promise<string> {
  return until(() => output.find((line) => pattern.test(line)), { what: `the runner prints ${pattern}` });
}
