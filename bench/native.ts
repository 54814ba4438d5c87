import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../lib/project-root.ts';

const python = '/usr/bin/python3';

export interface NativeJob {
  operation: string;
  image: string;
  reference?: string | undefined;
  format: '.jpg' | '.png';
}

export interface Times {
  decodeMs: number;
  processMs: number;
  encodeMs: number;
}

/** Native OpenCV in a Python process that stays up between jobs. */
export class Native {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(process: ChildProcess, answers: AsyncIterator<string>) {
    this.#process = process;
    this.#answers = answers;
  }

  /** Null where python3-opencv is not installed. */
  static async start(): Promise<Native | null> {
    if (spawnSync(python, ['-c', 'import cv2']).status !== 0) return null;
    const cascade = join(projectRoot, 'assets/haarcascade_frontalface_default.xml');
    const child = spawn(python, [join(import.meta.dirname, 'native.py'), cascade], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const native = new Native(child, createInterface(child.stdout)[Symbol.asyncIterator]());
    await native.#answers.next();
    return native;
  }

  async run(job: NativeJob): Promise<Times> {
    this.#process.stdin?.write(`${JSON.stringify(job)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('The Python process ended.');
    return JSON.parse(value);
  }

  stop(): void {
    this.#process.stdin?.end();
  }
}
