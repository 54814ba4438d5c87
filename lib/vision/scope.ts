import { cv, type Deletable, type Mat } from './opencv.ts';

/** Owns objects of the WASM heap and deletes them all at its end, also when an error ends it: `using scope = new Scope()`. */
export class Scope implements Disposable {
  readonly #owned: Deletable[] = [];

  /** A new empty Mat, or one of `rows` × `cols` of `type` with undefined content. */
  mat(): Mat;
  mat(rows: number, cols: number, type: number): Mat;
  mat(...size: [] | [rows: number, cols: number, type: number]): Mat {
    return this.own(size.length === 0 ? new cv.Mat() : new cv.Mat(...size));
  }

  /** Takes over `object` and gives it back, to be used in the expression that made it. */
  own<T extends Deletable>(object: T): T {
    this.#owned.push(object);
    return object;
  }

  /** Takes `object` out, to outlive the scope; whoever called now owns it. */
  release<T extends Deletable>(object: T): T {
    const index = this.#owned.indexOf(object);
    if (index >= 0) this.#owned.splice(index, 1);
    return object;
  }

  [Symbol.dispose](): void {
    for (const object of this.#owned.reverse()) object.delete();
    this.#owned.length = 0;
  }
}
