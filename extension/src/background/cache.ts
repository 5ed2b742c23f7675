// What the popup shows before anyone has answered: the last state and the newest launches, with the time they were heard.
import { isObject } from "../protocol/check.ts";
import type { State } from "../protocol/types.ts";
import type { Link, Phase, Standing } from "./link.ts";

export interface Launch { mint: string; symbol: string; name: string; seen_ms: number }
export interface Kept { state: State; heard: number; launches: Launch[]; launchesHeard: number }

const STRANGERS: readonly Phase[] = ["not_paired", "key_changed", "wrong_caller"];

export class Cache {
  constructor(readonly link: Link) {}

  /** Keeps what the agent said last, without what waits: a locked one names no account, a stranger's is thrown away. */
  standing({ phase, state }: Standing): void {
    if (state) void chrome.storage.local.set({ state: { ...state, waiting: [] }, heard: Date.now() });
    else if (STRANGERS.includes(phase)) void chrome.storage.local.remove(["state", "heard"]);
  }

  /** Asks the node for the newest launches and keeps them. Leaves the old ones, with their age, if it does not answer. */
  async renew(): Promise<void> {
    const page = await this.link.ask("launches", { limit: 3 });
    const items = isObject(page) && Array.isArray(page["items"]) ? page["items"] : [];
    const launches = items.flatMap((item: unknown) => (isObject(item) ? [shortened(item)] : []));
    await chrome.storage.local.set({ launches, launchesHeard: Date.now() });
  }
}

function shortened(item: { [name: string]: unknown }): Launch {
  const text = (name: string): string => (typeof item[name] === "string" ? (item[name] as string).slice(0, 64) : "");
  const seen = Number(item["first_seen_wall_ns"] ?? 0) / 1e6;
  return { mint: text("mint"), symbol: text("symbol"), name: text("name"), seen_ms: Number.isFinite(seen) ? seen : 0 };
}
