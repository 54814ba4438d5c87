/**
 * The module `@azure/functions-core`, which the Functions host supplies to `@azure/functions`: the unmodified package
 * registers its functions here, and cannot tell this from the host.
 */
import { registerHooks } from 'node:module';
import type { Log } from './log.ts';

/** Data on the way between host and library; the fields are alternatives. */
export interface TypedData {
  string?: string;
  json?: string;
  http?: Record<string, unknown>;
}

export interface Binding {
  type: string;
  direction: 'in' | 'out';
  name?: string;
  authLevel?: string;
  methods?: string[];
  route?: string;
  queueName?: string;
  connection?: string;
  schedule?: string;
  runOnStartup?: boolean;
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
}

export interface CoreInvocation {
  invocationId: string;
  metadata: FunctionMetadata;
  request: { inputData: { name: string; data: TypedData }[]; triggerMetadata: Record<string, TypedData> };
  state?: 'preInvocationHooks' | 'invocation' | 'postInvocationHooks';
  log(level: string, category: string, message: string): void;
}

interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], handler: Handler): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

interface ProgrammingModel {
  getInvocationModel(invocation: CoreInvocation): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

type Handler = (...args: unknown[]) => unknown;
interface HookContext {
  hookData: object;
  appHookData: object;
}

/** What a hook may look at and change before an invocation. */
export interface PreInvocation {
  invocationContext: unknown;
  functionCallback: Handler;
  inputs: unknown[];
}

type HookCallback = (context: HookContext & Partial<PreInvocation>) => unknown;

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  handler: Handler;
}

export class FunctionsCore {
  readonly functions: RegisteredFunction[] = [];
  #model: ProgrammingModel | undefined;
  readonly #hooks: { name: string; callback: HookCallback }[] = [];
  readonly #appHookData = {};
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Makes `require('@azure/functions-core')` in this process give this object's module. */
  install(): void {
    const key = Symbol.for('tessera.functions-core');
    (globalThis as Record<symbol, unknown>)[key] = this.#module();
    const url = 'tessera:functions-core';
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === '@azure/functions-core'
          ? { url, format: 'commonjs', shortCircuit: true }
          : next(specifier, context),
      load: (address, context, next) => {
        const source = `module.exports = globalThis[Symbol.for(${JSON.stringify(key.description)})];`;
        return address === url ? { format: 'commonjs', source, shortCircuit: true } : next(address, context);
      },
    });
  }

  get model(): ProgrammingModel {
    if (!this.#model) throw new Error('No function is registered: is there a build in dist/?');
    return this.#model;
  }

  async runHooks(name: 'appStart' | 'appTerminate' | 'preInvocation', invocation?: PreInvocation): Promise<void> {
    const context = Object.assign(invocation ?? {}, { hookData: {}, appHookData: this.#appHookData });
    for (const hook of this.#hooks.filter((hook) => hook.name === name)) await hook.callback(context);
  }

  #module() {
    return {
      version: '3.0.0',
      hostVersion: '4.1040.0',
      setProgrammingModel: (model: ProgrammingModel) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      registerFunction: (metadata: FunctionMetadata, handler: Handler) => {
        if (this.functions.some((known) => known.metadata.name === metadata.name)) {
          throw new Error(`Two functions are named ${metadata.name}.`);
        }
        this.functions.push({ metadata, handler });
        return { dispose: () => {} };
      },
      registerHook: (name: string, callback: HookCallback) => {
        this.#hooks.push({ name, callback });
        return { dispose: () => {} };
      },
      log: (level: string, _category: string, message: string) => this.#log(level, message),
    };
  }
}
