// What the popup shows before anyone has answered: the last state and the newest launches, with the time they were heard.
import { isObject } from "../protocol/check.ts";
import type { Link, Standing } from "./link.ts";

export interface Launch { mint: string; symbol: string; name: string; seen_ms: number }
export interface Kept { standing: Standing | null; heard: number; launches: Launch[]; launchesHeard: number }

export class Cache {
  constructor(readonly link: Link) {}

  /** Keeps how things stand; a session's stages are not worth it, and no account is kept of a locked agent. */
  standing(standing: Standing): void {
    if (standing.phase === "connecting" || standing.phase === "idle") return;
    const kept = standing.state ? { ...standing, state: { ...standing.state, waiting: [] } } : standing;
    void chrome.storage.local.set({ standing: { ...kept, code: null }, heard: Date.now() });
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
