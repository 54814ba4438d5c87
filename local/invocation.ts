import { randomUUID } from 'node:crypto';
import type { CoreInvocation, FunctionsCore, RegisteredFunction, TypedData } from './functions-core.ts';
import type { Log } from './log.ts';

export interface Trigger {
  /** What the trigger binding gives the function. */
  data: TypedData;
  metadata: Record<string, TypedData>;
}

/** Runs functions as the Functions host's Node worker does, and knows which are running. */
export class Invoker {
  readonly #core: FunctionsCore;
  readonly #log: Log;
  readonly #timeoutMs: number | null;
  readonly #running = new Set<Promise<unknown>>();

  /** An invocation that takes longer than `timeoutMs` ends the process; null lets it. */
  constructor(core: FunctionsCore, log: Log, timeoutMs: number | null = null) {
    this.#core = core;
    this.#log = log;
    this.#timeoutMs = timeoutMs;
  }

  /** Throws what the function throws, after logging it. */
  async invoke(
    fn: RegisteredFunction,
    { data, metadata }: Trigger,
    invocationId: string = randomUUID(),
  ): Promise<void> {
    const running = this.#run(fn, { data, metadata }, invocationId);
    const timeout = this.#timeoutMs === null ? undefined : setTimeout(() => this.#expire(fn), this.#timeoutMs);
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      this.#log('error', `${fn.metadata.name} (${invocationId}) failed: ${(error as Error)?.stack ?? error}`);
      throw error;
    } finally {
      clearTimeout(timeout);
      this.#running.delete(running);
    }
  }

  /**
   * As the host restarts its worker: all invocations of the process end with the one that took too long, and messages stay
   * hidden until their leases run out (azure-functions-host, issue 8814).
   */
  #expire({ metadata }: RegisteredFunction): never {
    this.#log('error', `${metadata.name} took longer than functionTimeout: the process ends.`);
    process.exit(1);
  }

  /** Waits until no invocation is running. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async #run({ metadata, handler }: RegisteredFunction, trigger: Trigger, invocationId: string): Promise<void> {
    const [name] = triggerBinding(metadata);
    const invocation: CoreInvocation = {
      invocationId,
      metadata,
      request: { inputData: [{ name, data: trigger.data }], triggerMetadata: trigger.metadata },
      log: (level, _category, message) => this.#log(level, message),
    };
    const model = this.#core.model.getInvocationModel(invocation);
    const { context, inputs } = await model.getArguments();
    invocation.state = 'preInvocationHooks';
    const hooked = { invocationContext: context, functionCallback: handler, inputs };
    await this.#core.runHooks('preInvocation', hooked);
    invocation.state = 'invocation';
    const result = await model.invokeFunction(context, hooked.inputs, hooked.functionCallback);
    invocation.state = 'postInvocationHooks';
    await model.getResponse(context, result);
  }
}

/** A function's trigger: the name and settings of its binding. */
export function triggerBinding({ name, bindings }: RegisteredFunction['metadata']) {
  const trigger = Object.entries(bindings).find(([, { type }]) => type.endsWith('Trigger'));
  if (!trigger) throw new Error(`Function ${name} has no trigger.`);
  return trigger;
}
