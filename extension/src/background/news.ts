// What sites are told without asking: that the link stands or not, their chain, their accounts. Each only when it changed.
import type { Chains } from "./chains.ts";
import { addresses, hexChain } from "./evm_site.ts";
import { grantOf } from "./grants.ts";
import type { Standing } from "./link.ts";
import { type PageEvent, type Site, sites, tell } from "./sites.ts";

interface Facts { link: boolean; chain: string; evm: string[]; solana: string[] }

export class News {
  readonly #told = new Map<string, Facts>();

  constructor(readonly chains: Chains) {}

  /** To every site that is there. */
  tell(standing: Standing): void {
    for (const origin of new Set([...sites].map((site) => site.origin))) {
      const now = this.#facts(origin, standing);
      for (const event of events(this.#told.get(origin) ?? null, now)) tell(origin, event);
      this.#told.set(origin, now);
    }
  }

  /** To one page that has missed some, as after it came back from the browser's cache. */
  all(site: Site, standing: Standing): void {
    const { chain, evm, solana } = this.#facts(site.origin, standing);
    site.port.postMessage({ family: "evm", event: "chainChanged", data: chain });
    site.port.postMessage({ family: "evm", event: "accountsChanged", data: evm });
    site.port.postMessage({ family: "solana", event: "accountsChanged", data: solana });
  }

  #facts(origin: string, standing: Standing): Facts {
    const grants = { evm: grantOf(standing, origin, "evm"), solana: grantOf(standing, origin, "solana") };
    return {
      link: standing.phase === "ready",
      chain: hexChain(grants.evm?.chain ?? this.chains.first),
      evm: addresses(grants.evm?.accounts ?? []),
      solana: (grants.solana?.accounts ?? []).filter((id) => id.startsWith("solana:")).map((id) => id.slice("solana:".length)),
    };
  }
}

/** What a page hears when things go from one state to another. Who was told nothing yet has no chain or accounts to lose. */
export function events(before: Facts | null, now: Facts): PageEvent[] {
  const found: PageEvent[] = [];
  const chainId = { chainId: now.chain };
  if (now.link !== (before?.link ?? false)) found.push({ family: "evm", event: now.link ? "connect" : "disconnect", data: chainId });
  if (before && before.chain !== now.chain) found.push({ family: "evm", event: "chainChanged", data: now.chain });
  for (const family of ["evm", "solana"] as const) {
    if (String(before?.[family] ?? []) !== String(now[family])) found.push({ family, event: "accountsChanged", data: now[family] });
  }
  return found;
}
