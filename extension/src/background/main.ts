// The service worker: pages on one side, the link on the other, the popup beside. Nothing is approved here.
import { isObject } from "../protocol/check.ts";
import { hexChain, DEFAULT_CHAIN, evm, evmKind } from "./evm.ts";
import { grantOf } from "./grants.ts";
import { Link, type Standing } from "./link.ts";
import { servePopup } from "./popup_port.ts";
import { Rates } from "./rate.ts";
import { Refusal, toPage } from "./refusal.ts";
import { originOf, type Site, sites, tell } from "./sites.ts";
import { solana, solanaKind } from "./solana.ts";
import { Cache } from "./cache.ts";

const MOST_WAITING = 30;
const link = new Link();
const rates = new Rates();
const cache = new Cache(link);
const popups = new Set<chrome.runtime.Port>();
const told = new Map<string, string>();

chrome.runtime.onInstalled.addListener(() => {
  void chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
});

chrome.runtime.onConnect.addListener((port) => {
  if (port.name === "popup" && port.sender?.origin === location.origin) return servePopup(port, link, cache, popups);
  const origin = port.name === "page" ? originOf(port.sender) : null;
  if (origin === null) return port.disconnect();
  const site: Site = { port, origin, waiting: new Set() };
  sites.add(site);
  port.onMessage.addListener((message: unknown) => void serve(site, message));
  port.onDisconnect.addListener(() => {
    sites.delete(site);
    for (const id of site.waiting) link.cancel(id);
  });
});

async function serve(site: Site, message: unknown): Promise<void> {
  if (!isObject(message) || typeof message["id"] !== "number" || typeof message["method"] !== "string") return;
  const { id, method, family, params } = message;
  const said = (answer: object): void => {
    if (sites.has(site)) site.port.postMessage({ id, ...answer });
  };
  const mine: string[] = [];
  const newId = (): string => {
    const fresh = crypto.randomUUID();
    site.waiting.add(fresh);
    mine.push(fresh);
    return fresh;
  };
  const asker = { origin: site.origin, link, newId };
  try {
    if (family !== "evm" && family !== "solana") throw new Refusal("malformed");
    const kind = family === "evm" ? evmKind(method as string) : solanaKind(method as string);
    if (!rates.allow(site.origin, kind) || site.waiting.size >= MOST_WAITING) throw new Refusal("too_many");
    said({ result: (await (family === "evm" ? evm : solana)(asker, method as string, params)) ?? null });
  } catch (error) {
    said({ error: toPage(error) });
  } finally {
    for (const one of mine) site.waiting.delete(one);
  }
}

link.onChange = (standing: Standing) => {
  cache.standing(standing);
  for (const popup of popups) popup.postMessage({ standing });
  const waiting = standing.state?.waiting.length ?? 0;
  void chrome.action.setBadgeText({ text: waiting > 0 ? String(waiting) : "" });
  if (standing.phase === "connecting") return;
  for (const origin of new Set([...sites].map((site) => site.origin))) announce(origin, standing);
};

/** Tells a site what changed for it: accounts, chain, and whether anyone is there at all. */
function announce(origin: string, standing: Standing): void {
  const evmGrant = grantOf(standing, origin, "evm");
  const solanaGrant = grantOf(standing, origin, "solana");
  const evmAccounts = (evmGrant?.accounts ?? []).filter((id) => id.startsWith("evm:")).map((id) => id.slice(4).toLowerCase());
  const solanaAccounts = (solanaGrant?.accounts ?? []).filter((id) => id.startsWith("solana:")).map((id) => id.slice(7));
  const chainId = hexChain(evmGrant?.chain ?? DEFAULT_CHAIN);
  const changed = (name: string, value: unknown): boolean => {
    const key = `${name} ${origin}`;
    const text = JSON.stringify(value);
    const before = told.get(key);
    told.set(key, text);
    return before !== undefined ? before !== text : text !== "[]" && name !== "chain";
  };
  if (changed("link", standing.phase === "ready")) {
    tell(origin, { family: "evm", event: standing.phase === "ready" ? "connect" : "disconnect", data: { chainId } });
  }
  if (changed("chain", chainId)) tell(origin, { family: "evm", event: "chainChanged", data: chainId });
  if (changed("evm", evmAccounts)) tell(origin, { family: "evm", event: "accountsChanged", data: evmAccounts });
  if (changed("solana", solanaAccounts)) tell(origin, { family: "solana", event: "accountsChanged", data: solanaAccounts });
}
