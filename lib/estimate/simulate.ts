/**
 * How a backlog is worked off: instances start by the votes of the scale controller, tasks leave the queue no faster than instances,
 * queue, dispatcher, partitions and account let them. In steps of a quarter of a second; while nothing changes, in longer ones.
 */
import { messagesPerHeld, minWindow, refillPart } from '../model/dispatch-window.ts';
import type { Platform } from './platform.ts';

/** Tasks that are alike. */
export interface Load {
  tasks: number;
  /** CPU of one task on an instance. */
  cpuSeconds: number;
  /** How long it waits for the storage besides. */
  waitSeconds: number;
  /** Tasks per second that the storage and the dispatcher let through, whatever the instances do. */
  walls: Wall[];
}

export type WallName =
  | 'scale-out'
  | 'maximum-instances'
  | 'core-quota'
  | 'shared-cores'
  | 'queue'
  | 'dispatcher'
  | 'account'
  | 'bandwidth'
  | 'partitions';

export interface Wall {
  name: WallName;
  tasksPerSecond: number;
}

export interface Sample {
  seconds: number;
  /** Tasks that have not ended. */
  backlog: number;
  /** Instances that take messages, that start, and that finish what they hold before they are removed. */
  ready: number;
  starting: number;
  draining: number;
  tasksPerSecond: number;
  /** Seconds of instances that have been billed so far. */
  instanceSeconds: number;
}

export interface Simulation {
  samples: Sample[];
  seconds: number;
  /** At most at the same time. */
  instances: number;
  instanceSeconds: number;
  /** Tasks that began twice, as their instance was removed. */
  aborted: number;
  /** What most of the tasks had to wait for. */
  limitedBy: WallName;
}

const stepSeconds = 0.25;
/** Samples are no closer together than this. */
const sampleSeconds = 1;
/** So long nothing must have changed before a longer step. */
const steadySeconds = 30;
/** Steps, at most: what takes longer is no use to plan with. */
const maxSteps = 400_000;
/** After so many steps the number of instances goes up and down about the same mean: longer steps see that too. */
const longRunSteps = 50_000;

/** Instances that may run at the same time, and what keeps more from it. */
export function instanceLimit(platform: Platform): { instances: number; name: 'maximum-instances' | 'core-quota' } {
  const byQuota = Math.floor((platform.coreQuota - platform.otherCores) / platform.cores);
  return byQuota < platform.maximumInstances
    ? { instances: Math.max(1, byQuota), name: 'core-quota' }
    : { instances: platform.maximumInstances, name: 'maximum-instances' };
}

/** What one instance does, with all its messages. */
export function tasksPerSecondOf(
  { cpuSeconds, waitSeconds }: Pick<Load, 'cpuSeconds' | 'waitSeconds'>,
  { cores, messagesPerInstance }: Platform,
): number {
  return Math.min(cores / cpuSeconds, messagesPerInstance / (cpuSeconds + waitSeconds));
}

export function simulate(load: Load, platform: Platform): Simulation {
  const run = new Run(load, platform);
  for (let step = 0; step < maxSteps && !run.isOver; step++) run.step();
  return run.result();
}

class Run {
  readonly #load: Load;
  readonly #platform: Platform;
  readonly #limit: ReturnType<typeof instanceLimit>;
  readonly #perInstance: number;
  readonly #wall: Wall;
  readonly #samples: Sample[] = [];
  readonly #limitedTasks = new Map<WallName, number>();
  #seconds = 0;
  readonly #dispatchPerSecond: number;
  /** Tasks that the dispatcher can send now: those of a second at most. */
  #dispatchable: number;
  #steps = 0;
  /** Tasks without a message, with a message that waits, and with one that an instance holds. */
  #waiting: number;
  #visible = 0;
  #held = 0;
  #done = 0;
  #ready: number;
  #starting: { readyAt: number; count: number }[] = [];
  #leaving: { goneAt: number; count: number }[] = [];
  /** Held when the last message was taken: from then on fewer and fewer compute. */
  #heldAtEnd: number | null = null;
  #nextDecision: number;
  #fewerSince: number | null = null;
  #changedAt = 0;
  #most: number;
  #instanceSeconds = 0;
  #aborted = 0;

  constructor(load: Load, platform: Platform) {
    this.#load = load;
    this.#platform = platform;
    this.#limit = instanceLimit(platform);
    this.#perInstance = tasksPerSecondOf(load, platform);
    this.#wall = load.walls
      .filter(({ name }) => name !== 'dispatcher')
      .reduce((lowest, wall) => (wall.tasksPerSecond < lowest.tasksPerSecond ? wall : lowest), {
        name: 'scale-out',
        tasksPerSecond: Number.POSITIVE_INFINITY,
      });
    this.#waiting = load.tasks;
    this.#dispatchPerSecond =
      load.walls.find(({ name }) => name === 'dispatcher')?.tasksPerSecond ?? Number.POSITIVE_INFINITY;
    this.#dispatchable = this.#dispatchPerSecond;
    this.#ready = Math.min(platform.alwaysReady, this.#limit.instances);
    this.#most = this.#ready;
    this.#nextDecision = this.#ready > 0 ? platform.decisionSeconds : platform.firstLookSeconds;
    this.#sample(0);
  }

  get #draining(): number {
    return countOf(this.#leaving);
  }

  get isOver(): boolean {
    return this.#waiting + this.#visible + this.#held < 1e-6;
  }

  step(): void {
    this.#steps++;
    this.#dispatch();
    this.#scale();
    this.#take();
    const { rate, name } = this.#rate();
    const seconds = this.#length(rate);
    const held = this.#held;
    // In a longer step nothing is dispatched but what ends.
    const steady = seconds > stepSeconds ? Math.min(rate, this.#dispatchPerSecond) : rate;
    const ended = Math.min(held + this.#inPassing(seconds), steady * seconds);
    this.#limitedTasks.set(name, (this.#limitedTasks.get(name) ?? 0) + ended);
    this.#finish(ended, seconds > stepSeconds);
    this.#instanceSeconds += Math.min(this.#ready + this.#draining, held) * seconds;
    this.#dispatchable = Math.min(this.#dispatchable + this.#dispatchPerSecond * seconds, this.#dispatchPerSecond);
    this.#seconds += seconds;
    this.#sample(rate);
  }

  result(): Simulation {
    const [[limitedBy] = ['scale-out' as const]] = [...this.#limitedTasks].sort(([, a], [, b]) => b - a);
    return {
      samples: this.#samples,
      seconds: this.#seconds,
      instances: this.#most,
      instanceSeconds: this.#instanceSeconds,
      aborted: this.#aborted,
      limitedBy,
    };
  }

  /** Fills the queue up to its window, as `lib/jobs/dispatcher.ts` does, and no faster than that can. */
  #dispatch(): void {
    const window = Math.max(minWindow, messagesPerHeld * this.#held);
    const room = window - this.#visible - this.#held;
    if (room < Math.min(this.#waiting, window * refillPart)) return;
    const sent = Math.min(room, this.#waiting, this.#dispatchable);
    this.#dispatchable -= sent;
    this.#waiting -= sent;
    this.#visible += sent;
  }

  #take(): void {
    const taken = Math.min(this.#visible, Math.max(0, this.#ready * this.#platform.messagesPerInstance - this.#held));
    this.#visible -= taken;
    this.#held += taken;
    if (this.#visible + this.#waiting > 0) this.#heldAtEnd = null;
    else this.#heldAtEnd ??= this.#held;
  }

  /** Tasks per second, and what keeps it from more. */
  #rate(): { rate: number; name: WallName } {
    const { cpuSeconds, waitSeconds } = this.#load;
    const { cores, sharedCores, sharedCpuSeconds = 0 } = this.#platform;
    const held = this.#heldAtEnd ?? this.#held;
    const byInstances = Math.min(
      (this.#ready + this.#draining) * this.#perInstance,
      Math.max(held / (cpuSeconds + waitSeconds), 0),
      ((this.#ready + this.#draining) * cores) / cpuSeconds,
    );
    const atLimit = this.#ready >= this.#limit.instances;
    const isShort = this.#visible < 1 && this.#waiting > 0;
    const own = isShort ? 'dispatcher' : atLimit ? this.#limit.name : 'scale-out';
    const limits: Wall[] = [{ name: own, tasksPerSecond: byInstances }, this.#wall];
    if (sharedCores !== undefined)
      limits.push({ name: 'shared-cores', tasksPerSecond: sharedCores / (cpuSeconds + sharedCpuSeconds) });
    const lowest = limits.reduce((a, b) => (b.tasksPerSecond < a.tasksPerSecond ? b : a));
    return { rate: lowest.tasksPerSecond, name: lowest.name };
  }

  /** Seconds until the next step. */
  #length(rate: number): number {
    const isSteady =
      (this.#starting.length === 0 && this.#seconds - this.#changedAt >= steadySeconds) || this.#steps > longRunSteps;
    const window = Math.max(minWindow, messagesPerHeld * this.#held);
    const far = this.#waiting - 10 * window;
    const shortest = this.#steps > longRunSteps ? Math.max(stepSeconds, this.#seconds / 1000) : stepSeconds;
    if (isSteady && far > 0 && rate > 0) return Math.max(shortest, Math.min(far / rate, this.#seconds / 20));
    if (rate > 0 && this.#waiting + this.#visible === 0) return Math.min(stepSeconds, this.#held / rate);
    return shortest;
  }

  /** Tasks that instances take and finish within the step. */
  #inPassing(seconds: number): number {
    return seconds > stepSeconds ? this.#waiting + this.#visible : this.#visible;
  }

  /** Whatever instances end is replaced by what waits. */
  #finish(ended: number, isLong: boolean): void {
    this.#done += ended;
    const fromWaiting = isLong ? Math.min(ended, this.#waiting) : 0;
    const fromVisible = Math.min(ended - fromWaiting, this.#visible);
    this.#waiting -= fromWaiting;
    this.#visible -= fromVisible;
    this.#held -= ended - fromWaiting - fromVisible;
  }

  /** What the scale controller does: it counts all messages, unless none is visible. */
  #scale(): void {
    const { messagesPerInstance, decisionSeconds, instancesPerDecision, coldStartSeconds, scaleInSeconds } =
      this.#platform;
    for (const { readyAt, count } of this.#starting) if (readyAt <= this.#seconds) this.#ready += count;
    this.#starting = this.#starting.filter(({ readyAt }) => readyAt > this.#seconds);
    this.#leaving = this.#leaving.filter(({ goneAt }) => goneAt > this.#seconds && this.#held > 0);
    this.#most = Math.max(this.#most, this.#ready + this.#draining);
    if (this.#seconds < this.#nextDecision) return;
    this.#nextDecision = this.#seconds + decisionSeconds;
    // As long as tasks are dispatched, a message is visible at one of its looks.
    const messages = this.#visible + this.#waiting > 0 ? this.#visible + this.#held : 0;
    const wanted = Math.min(this.#limit.instances, Math.ceil(messages / messagesPerInstance));
    const running = this.#ready + countOf(this.#starting);
    const room = this.#limit.instances - running - this.#draining;
    if (wanted > running && room > 0) {
      const count = Math.min(instancesPerDecision, wanted - running, room);
      this.#starting.push({ readyAt: this.#seconds + coldStartSeconds, count });
      this.#changedAt = this.#seconds;
    }
    const least = Math.max(wanted, this.#platform.alwaysReady);
    if (least >= this.#ready) {
      this.#fewerSince = null;
      return;
    }
    this.#fewerSince ??= this.#seconds;
    if (this.#seconds - this.#fewerSince >= scaleInSeconds) this.#remove(this.#ready - least);
  }

  /** An instance that is removed finishes what it holds, except for what it has just begun: that goes back. */
  #remove(count: number): void {
    const { abortSeconds, cores, messagesPerInstance } = this.#platform;
    const { cpuSeconds, waitSeconds } = this.#load;
    const finishSeconds = (messagesPerInstance / cores) * cpuSeconds + waitSeconds;
    const share = Math.min(1, abortSeconds / (cpuSeconds + waitSeconds));
    const aborted = Math.min(this.#held, count * cores * share);
    this.#aborted += aborted;
    this.#held -= aborted;
    this.#visible += aborted;
    this.#ready -= count;
    this.#leaving.push({ goneAt: this.#seconds + finishSeconds, count });
    this.#changedAt = this.#seconds;
    this.#fewerSince = null;
  }

  #sample(tasksPerSecond: number): void {
    const last = this.#samples.at(-1);
    if (last && !this.isOver && this.#seconds - last.seconds < sampleSeconds) return;
    this.#samples.push({
      seconds: this.#seconds,
      backlog: this.isOver ? 0 : this.#load.tasks - this.#done,
      ready: this.#ready,
      starting: countOf(this.#starting),
      draining: this.#draining,
      tasksPerSecond,
      instanceSeconds: this.#instanceSeconds,
    });
  }
}

function countOf(groups: readonly { count: number }[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
