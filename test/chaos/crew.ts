/** The instances, and what they have printed. */
import { Runner } from '../harness/runner.ts';

/** The instances, those that were killed included. */
export class Crew {
  readonly all: Runner[] = [];
  readonly #env: Record<string, string>;
  readonly #args: string[];

  /** `args` are those of each instance's runner, besides what makes it one. */
  constructor(env: Record<string, string>, args: string[]) {
    this.#env = env;
    this.#args = args;
  }

  get alive(): Runner[] {
    return this.all.filter(({ process }) => process.exitCode === null && process.signalCode === null);
  }

  async start(count: number): Promise<void> {
    const args = ['--only', 'control,process', ...this.#args];
    const id = () => `instance-${this.all.length}`;
    for (let i = 0; i < count; i++)
      this.all.push(await Runner.start({ args, env: { ...this.#env, WEBSITE_INSTANCE_ID: id() } }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.alive.map((instance) => instance.stop()));
  }
}

/** The tasks that an instance is at, by what it has printed. */
export function runningOn({ output }: Runner): string[] {
  const running = new Set<string>();
  for (const line of output) {
    const [, event, id] = /"event":"(task-\w+)","task":"([^"]+)"/.exec(line) ?? [];
    if (event === 'task-started') running.add(id);
    else if (event) running.delete(id);
  }
  return [...running];
}

/** How often each task was brought to its end, by what the instances have printed. */
export function endings(crew: Crew): Map<string, number> {
  const times = new Map<string, number>();
  for (const line of crew.all.flatMap(({ output }) => output)) {
    const [, id] = /"event":"task-(?:succeeded|failed)","task":"([^"]+)"/.exec(line) ?? [];
    if (id) times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}
