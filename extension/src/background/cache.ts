// What the popup shows before anyone has answered: the last state, chains, balances and launches, each with the time it was heard.
import { isObject } from "../protocol/check.ts";
import type { State } from "../protocol/types.ts";
import type { Chain, Chains } from "./chains.ts";
import type { Link, Phase, Standing } from "./link.ts";
import { inTurn } from "./turns.ts";

export interface Launch { mint: string; symbol: string; name: string; seen_ms: number; worth: number | null; unit: string; change: number | null }
/** `symbol` is the token's own word; two may say the same. */
export interface Token { asset: string; symbol?: string; amount: string | null; decimals: number | null }
/** What an account held on a chain when it was read. `native` null: unknown, and `problem` says why. */
export interface Holding { native: string | null; symbol: string; decimals: number; tokens: Token[]; problem: string; read: number }
export interface Look { account?: string; chains?: { evm?: string; solana?: string }; theme?: "dark" | "light"; noLaunches?: boolean }
export interface Kept {
  state: State; heard: number; launches: Launch[]; launchesHeard: number; chains: Chain[]; look: Look;
  balances: { [chain: string]: { [address: string]: Holding } };
}

const STRANGERS: readonly Phase[] = ["not_paired", "key_changed", "wrong_caller"];
const NEWEST = 3;
const LOCK_SETTLES_MS = 3_000;
const MOST_TOKENS = 40;
const WHOLE = /^(0|[1-9]\d{0,77})$/;

export class Cache {
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly link: Link, readonly chains: Chains) {}

  /** Keeps what the agent said last, without what waits. Locked, it forgets accounts and what they hold; a stranger's is thrown away. */
  standing({ phase, state }: Standing): void {
    clearTimeout(this.#forgetting);
    if (state && !state.locked) void keepState(state);
    // a desktop that closes locks first: what it said before is what the popup has to show while it is away
    else if (state) this.#forgetting = setTimeout(() => void keepState(state).then(() => chrome.storage.local.remove("balances")), LOCK_SETTLES_MS);
    else if (STRANGERS.includes(phase)) void chrome.storage.local.remove(["state", "heard", "balances"]);
  }

  /** Asks the node for the newest launches and its chains. What was kept stays, with its age, if it does not answer. */
  async renew(): Promise<void> {
    const page = await this.link.ask("launches", { limit: NEWEST });
    const items = isObject(page) && Array.isArray(page["items"]) ? page["items"] : [];
    const launches = items.flatMap((item: unknown) => (isObject(item) ? [shortened(item)] : []));
    await chrome.storage.local.set({ launches, launchesHeard: Date.now() });
    const chains = await this.chains.list();
    if (chains) await chrome.storage.local.set({ chains });
  }

  /** Reads what accounts of one family hold on a chain, and keeps it. Throws `Refusal`. */
  async balances(chain: string, accounts: string[]): Promise<void> {
    const said = await this.link.ask("balances", { chain, accounts });
    const found = readHoldings(said, Date.now());
    await inTurn("kept balances", async () => {
      const { balances = {} } = (await chrome.storage.local.get("balances")) as Partial<Kept>;
      await chrome.storage.local.set({ balances: { ...balances, [chain]: found } });
    });
  }
}

const keepState = (state: State): Promise<void> => chrome.storage.local.set({ state: { ...state, waiting: [] }, heard: Date.now() });

export function readHoldings(said: unknown, read: number): { [address: string]: Holding } {
  if (!isObject(said) || !Array.isArray(said["items"])) return {};
  const { symbol, decimals } = said;
  if (typeof symbol !== "string" || !isPlaces(decimals)) return {};
  return Object.fromEntries(said["items"].filter(isObject).slice(0, 40).map((item) => [String(item["account"]).slice(0, 64), {
    symbol: symbol.slice(0, 11), decimals, read, native: whole(item["native_base"]), problem: text(item, "problem", 200),
    tokens: (Array.isArray(item["tokens"]) ? item["tokens"] : []).filter(isObject).slice(0, MOST_TOKENS).map((token) => ({
      asset: text(token, "asset"), symbol: text(token, "symbol", 12), amount: whole(token["amount_base"]), decimals: isPlaces(token["decimals"]) ? token["decimals"] : null,
    })),
  }]));
}

const whole = (value: unknown): string | null => (typeof value === "string" && WHOLE.test(value) ? value : null);
const isPlaces = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 36;
const text = (item: { [name: string]: unknown }, name: string, most = 64): string => (typeof item[name] === "string" ? (item[name] as string).slice(0, most) : "");
const measured = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

function shortened(item: { [name: string]: unknown }): Launch {
  const seen = Number(item["first_seen_wall_ns"] ?? 0) / 1e6;
  return {
    mint: text(item, "mint", 96), symbol: text(item, "symbol"), name: text(item, "name"), seen_ms: Number.isFinite(seen) ? seen : 0,
    worth: measured(item["mcap_f64"]), unit: text(item, "quote_symbol", 11), change: measured(item["change_f64"]),
  };
}
