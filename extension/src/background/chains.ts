// The chains that the node serves, as it last said them. Which one a site looks at is the agent's to say.
import { fits, isObject } from "../protocol/check.ts";
import type { Link } from "./link.ts";

export interface Chain { id: string; family: "evm" | "solana"; name: string; symbol: string; decimals: number; practice: string; usable: boolean }

const FRESH_MS = 30_000;
const MOST = 60;
export const DEFAULT_CHAIN = "eip155:1";

export class Chains {
  known: Chain[] | null = null;
  #asked = -Infinity;
  #asking: Promise<Chain[] | null> | null = null;

  constructor(readonly link: Pick<Link, "ask">, readonly now: () => number = () => performance.now()) {}

  /** The chains; null when no node has ever said them. Never throws. */
  async list(): Promise<Chain[] | null> {
    if (this.known && this.now() - this.#asked < FRESH_MS) return this.known;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Asks again at the next occasion: another node may be there. */
  forget(): void { this.#asked = -Infinity; }

  /** Whether a site can use it; null when nobody can say. */
  async serves(id: string): Promise<boolean | null> {
    const found = await this.list();
    return found && found.some((chain) => chain.id === id && chain.usable);
  }

  /** What a site sees that has chosen none. */
  get first(): string {
    const evm = this.known?.filter((chain) => chain.family === "evm" && chain.usable) ?? [];
    return evm.some((chain) => chain.id === DEFAULT_CHAIN) ? DEFAULT_CHAIN : (evm[0]?.id ?? DEFAULT_CHAIN);
  }

  async #ask(): Promise<Chain[] | null> {
    try {
      const said = await this.link.ask("chains");
      const items = isObject(said) && Array.isArray(said["items"]) ? said["items"].slice(0, MOST) : [];
      this.known = items.flatMap((item: unknown) => readChain(item) ?? []);
      this.#asked = this.now();
    } catch {
      // what was known stays; whoever needs more is refused by the read itself
    }
    return this.known;
  }
}

/** A chain as the node describes it, or null for what is none. */
export function readChain(item: unknown): Chain | null {
  if (!isObject(item)) return null;
  const { id, family, name, symbol, decimals, practice, endpoints } = item;
  if (typeof id !== "string" || !fits({ op: "switch_chain", id: "x", origin: "https://x", chain: id }, "SwitchChain")) return null;
  if ((family !== "evm" && family !== "solana") || typeof name !== "string" || typeof symbol !== "string") return null;
  if (!Number.isInteger(decimals) || (decimals as number) < 0 || (decimals as number) > 36) return null;
  const made = typeof practice === "string" ? practice.slice(0, 40) : "";
  const usable = made !== "" || (Array.isArray(endpoints) && endpoints.length > 0);
  return { id, family, name: name.slice(0, 40), symbol: symbol.slice(0, 11), decimals: decimals as number, practice: made, usable };
}
