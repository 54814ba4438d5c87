import { JSONParser, TokenType } from '@streamparser/json';
import { maxJsonDepth } from '../limits.ts';
import { fieldProblem, Problem, problem } from '../problems.ts';

/** An object or array that is open. */
interface Container {
  /** The names that an object has so far; null for an array. */
  names: Set<string> | null;
  /** The name or index of the member at hand. */
  member: string | number;
  expectsName: boolean;
}

/**
 * Reads one JSON text as its bytes arrive, so that what is not taken is refused before it is held, and no text keeps the event loop
 * for long (40 MB: about 0.1 s in all). Stricter than JSON.parse, as I-JSON (RFC 7493): names are unique and strings well-formed.
 */
export class JsonReader {
  readonly #maxValues: number;
  readonly #root: string;
  readonly #parser = new JSONParser({ paths: ['$'], numberBufferSize: 1024, stringBufferSize: 4096 });
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  readonly #open: Container[] = [];
  #values = 0;
  #result: { value: unknown } | undefined;

  /**
   * `maxValues` counts everything but names: objects, arrays, strings, numbers, booleans and nulls. `root` is how problems name
   * the text, where it is not a whole body.
   */
  constructor(maxValues: number, root = '') {
    this.#maxValues = maxValues;
    this.#root = root;
    this.#parser.onToken = ({ token, value }) => this.#check(token, value);
    this.#parser.onValue = ({ value }) => {
      this.#result = { value };
    };
  }

  /** Throws `malformed-request`, `body-too-large` and `invalid-parameter`. */
  write(chunk: Uint8Array): void {
    this.#orMalformed(() => {
      this.#utf8.decode(chunk, { stream: true });
      this.#parser.write(chunk);
    });
  }

  /** The value; throws as `write` does. */
  end(): unknown {
    this.#orMalformed(() => {
      this.#utf8.decode();
      if (!this.#parser.isEnded) this.#parser.end();
    });
    if (!this.#result) throw problem('malformed-request', 'The body is empty.');
    return this.#result.value;
  }

  #check(token: TokenType, value: unknown): void {
    const container = this.#open.at(-1);
    switch (token) {
      case TokenType.COLON:
        return;
      case TokenType.COMMA:
        if (container?.names) container.expectsName = true;
        else if (container) container.member = Number(container.member) + 1;
        return;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        this.#open.pop();
        return;
    }
    if (token === TokenType.STRING && container?.expectsName) this.#name(container, value as string);
    else this.#value(token, value);
  }

  #value(token: TokenType, value: unknown): void {
    if (++this.#values > this.#maxValues)
      throw problem('body-too-large', `The JSON has more than ${this.#maxValues} values.`, { limit: this.#maxValues });
    if (token === TokenType.STRING && !(value as string).isWellFormed())
      throw fieldProblem(this.#path(), 'has half a surrogate pair');
    if (token !== TokenType.LEFT_BRACE && token !== TokenType.LEFT_BRACKET) return;
    if (this.#open.length === maxJsonDepth)
      throw problem('malformed-request', `The JSON is nested more than ${maxJsonDepth} deep.`);
    const isObject = token === TokenType.LEFT_BRACE;
    this.#open.push({ names: isObject ? new Set() : null, member: isObject ? '' : 0, expectsName: isObject });
  }

  #name(container: Container, name: string): void {
    container.expectsName = false;
    container.member = name.toWellFormed();
    if (name === '__proto__' || !name.isWellFormed()) throw fieldProblem(this.#path(), 'is not a field');
    if (container.names?.has(name)) throw fieldProblem(this.#path(), 'is specified more than once');
    container.names?.add(name);
  }

  /** Where the value at hand is, as `steps[1].params.blur`. */
  #path(): string {
    const parts = this.#open.map(({ member }) => (typeof member === 'number' ? `[${member}]` : `.${member}`));
    return (this.#root + parts.join('')).replace(/^\./, '').slice(0, 200).toWellFormed() || 'body';
  }

  #orMalformed(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error instanceof Problem) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
        throw problem('malformed-request', 'The body is not UTF-8.');
      throw problem('malformed-request', `The body is not valid JSON: ${reasonOf(error as Error)}.`);
    }
  }
}

/** What the parser found, without its own state. */
function reasonOf({ message }: Error): string {
  if (message.includes(' ended in ')) return 'it ends too early';
  const [found] = message.split(/ (?:at chunk position|in state) /);
  const [, byte] = /absolute position "(\d+)"/.exec(message) ?? [];
  return `${found.replace(/\s+/g, ' ').slice(0, 200)}${byte === undefined ? '' : ` at byte ${byte}`}`;
}
