// The service worker: pages on one side, the link on the other, the popup beside. Nothing is approved here.
import { isObject } from "../protocol/check.ts";
import type { Asker } from "./asker.ts";
import { Cache } from "./cache.ts";
import { Chains } from "./chains.ts";
import { evm, evmKind } from "./evm.ts";
import { Link, type Standing } from "./link.ts";
import { News } from "./news.ts";
import { servePopup } from "./popup_port.ts";
import { Rates } from "./rate.ts";
import { Refusal, toPage } from "./refusal.ts";
import { originOf, type Site, sites } from "./sites.ts";
import { solana, solanaKind } from "./solana.ts";

const MOST_WAITING = 30;
const MOST_AT_ONCE = 60; // of one page, reads included
const LONGEST = 400_000; // characters of what a page asks; a transaction with the largest calldata has fewer
const link = new Link();
const rates = new Rates();
const chains = new Chains(link);
const cache = new Cache(link, chains);
const news = new News(chains);
const popups = new Set<chrome.runtime.Port>();

chrome.runtime.onInstalled.addListener(() => {
  void chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });
});

chrome.runtime.onConnect.addListener((port) => {
  if (port.name === "popup" && port.sender?.origin === location.origin) return servePopup(port, link, cache, popups);
  const origin = port.name === "page" ? originOf(port.sender) : null;
  if (origin === null) return port.disconnect();
  const site: Site = { port, origin, waiting: new Set() };
  sites.add(site);
  let running = 0;
  port.onMessage.addListener((message: unknown) => {
    if (!isObject(message)) return;
    if (message["again"] === true) return news.all(site, link.standing);
    if (++running > MOST_AT_ONCE) {
      running--;
      return port.postMessage({ id: message["id"], error: toPage(new Refusal("too_many")) });
    }
    void serve(site, message).finally(() => running--);
  });
  port.onDisconnect.addListener(() => {
    sites.delete(site);
    for (const id of site.waiting) link.cancel(id);
  });
});

async function serve(site: Site, message: { [name: string]: unknown }): Promise<void> {
  const { id, method, family, params } = message;
  if (typeof id !== "number" || typeof method !== "string") return;
  const said = (answer: object): void => {
    if (sites.has(site)) site.port.postMessage({ id, ...answer });
  };
  const mine: string[] = [];
  const newId = (): string => {
    if (!sites.has(site)) throw new Refusal("closed");
    const fresh = crypto.randomUUID();
    site.waiting.add(fresh);
    mine.push(fresh);
    return fresh;
  };
  const asker: Asker = { site, origin: site.origin, link, chains, newId };
  try {
    if (family !== "evm" && family !== "solana") throw new Refusal("malformed");
    const kind = family === "evm" ? evmKind(method) : solanaKind(method);
    if (!rates.allow(site.origin, kind) || site.waiting.size >= MOST_WAITING) throw new Refusal("too_many");
    if ((JSON.stringify(params) ?? "").length > LONGEST) throw new Refusal("too_large");
    said({ result: (await (family === "evm" ? evm : solana)(asker, method, params)) ?? null });
  } catch (error) {
    said({ error: toPage(error) });
  } finally {
    for (const one of mine) site.waiting.delete(one);
  }
}

link.onChange = (standing: Standing) => {
  cache.standing(standing);
  if (standing.phase === "app_not_running") chains.forget();
  for (const popup of popups) popup.postMessage({ standing });
  const waiting = standing.state?.waiting.length ?? 0;
  void chrome.action.setBadgeText({ text: waiting > 0 ? String(waiting) : "" });
  if (standing.phase !== "connecting") news.tell(standing);
};
