// Everything the popup knows: what was kept from before, how things stand now, and what the user chose to look at.
import type { Holding, Kept } from "../background/cache.ts";
import type { Chain } from "../background/chains.ts";
import type { Standing } from "../background/link.ts";
import type { Account, State } from "../protocol/types.ts";

export interface Facts {
  kept: Partial<Kept>;
  standing: Standing | null;
  starting: boolean;
  problem: string;
  node: { code: string; ms: number | null } | null;
  /** The site of the tab that the popup was opened over, if it has asked anything. */
  site: string | null;
  view: "home" | "settings";
  asksToForget: boolean;
}

export const fresh = (): Facts => ({
  kept: {}, standing: null, starting: false, problem: "", node: null, site: null, view: "home", asksToForget: false,
});

/** How things stand, once anything has been heard. */
export const live = ({ standing }: Facts): Standing | null =>
  standing && standing.phase !== "idle" && standing.phase !== "connecting" ? standing : null;

export const isReady = (facts: Facts): boolean => live(facts)?.phase === "ready";

/** What is shown of accounts: the agent's word, else what was kept. Nothing while locked. */
export function shownState(facts: Facts): State | null {
  const state = (isReady(facts) ? live(facts)!.state : null) ?? facts.kept.state ?? null;
  return state && !state.locked ? state : null;
}

export const family = (account: string): "evm" | "solana" => (account.startsWith("evm:") ? "evm" : "solana");
export const addressOf = (account: string): string => account.slice(account.indexOf(":") + 1);

export function selected(facts: Facts, accounts: readonly Account[]): Account | null {
  return accounts.find(({ id }) => id === facts.kept.look?.account) ?? accounts[0] ?? null;
}

/** The chains that can be looked at for an account, the chosen one first. */
export function chainsOf(facts: Facts, account: string): Chain[] {
  const mine = (facts.kept.chains ?? []).filter((chain) => chain.usable && chain.family === family(account));
  const chosen = facts.kept.look?.chains?.[family(account)];
  return mine.toSorted((a, b) => Number(b.id === chosen) - Number(a.id === chosen));
}

export const holding = (facts: Facts, chain: string, account: string): Holding | null =>
  facts.kept.balances?.[chain]?.[addressOf(account)] ?? null;
