// Values for fuzzing, from a seed that a failing test names: what JSON can hold, and the strings that parsers trip over.
export class Made {
  #state: number;

  constructor(seed: number) { this.#state = seed >>> 0 || 1; }

  /** Below `most`; xorshift32. */
  number(most: number): number {
    this.#state ^= this.#state << 13;
    this.#state >>>= 0;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state % most;
  }

  one<T>(list: readonly T[]): T { return list[this.number(list.length)]!; }

  text(): string {
    const pieces = ["", "0x", "0x0", "0X1", "0xg1", "-1", "1e400", "\n", "\r\n", "\u202e", "\ud800", "__proto__", "constructor", "toString",
      "eip155:1", "eip155:", "solana:mainnet", "evm:0x", "https://a.example", "https://", "node:x", "=", "AAA=", "____", "\u0000", " ", "é", "🦦"];
    return Array.from({ length: this.number(5) }, () => (this.number(3) === 0 ? String.fromCharCode(this.number(0x10000)) : this.one(pieces))).join("");
  }

  hex(length: number): string {
    return `0x${Array.from({ length }, () => this.number(16).toString(16)).join("")}`;
  }

  value(names: readonly string[], depth = 4): unknown {
    switch (this.number(depth > 0 ? 12 : 8)) {
      case 0: return null;
      case 1: return this.number(2) === 0;
      case 2: return this.one([0, -0, 1, -1, 0.5, 2 ** 53, -(2 ** 53), 1e308, 255, 2 ** 32]);
      case 3: case 4: return this.text();
      case 5: return this.hex(this.one([0, 1, 2, 39, 40, 41, 64, 65]));
      case 6: return this.one(names);
      case 7: return undefined;
      case 8: return Array.from({ length: this.number(5) }, () => this.value(names, depth - 1));
      default: return this.object(names, depth - 1);
    }
  }

  object(names: readonly string[], depth = 3): { [name: string]: unknown } {
    const found: { [name: string]: unknown } = {};
    for (let count = this.number(8); count > 0; count--) {
      const name = this.number(6) === 0 ? this.text() : this.one(names);
      Object.defineProperty(found, name, { value: this.value(names, depth), enumerable: true, configurable: true, writable: true });
    }
    return found;
  }
}

export const RUNS = Number(process.env["FLUXDESK_FUZZ_EXAMPLES"] ?? 2000);
