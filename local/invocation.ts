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
  readonly #running = new Set<Promise<unknown>>();

  constructor(core: FunctionsCore, log: Log) {
    this.#core = core;
    this.#log = log;
  }

  /** Throws what the function throws, after logging it. */
  async invoke(
    fn: RegisteredFunction,
    { data, metadata }: Trigger,
    invocationId: string = randomUUID(),
  ): Promise<void> {
    const running = this.#run(fn, { data, metadata }, invocationId);
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      this.#log('error', `${fn.metadata.name} (${invocationId}) failed: ${(error as Error)?.stack ?? error}`);
      throw error;
    } finally {
      this.#running.delete(running);
    }
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
    invocation.state = 'invocation';
    const result = await model.invokeFunction(context, inputs, handler);
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
