// What the popup may ask for. It shows, pairs, forgets and disconnects; it approves nothing.
import { isObject } from "../protocol/check.ts";
import type { Cache } from "./cache.ts";
import type { Link } from "./link.ts";
import { Refusal } from "./refusal.ts";
import { sites } from "./sites.ts";

const NODE: ReadonlySet<string> = new Set(["node_not_running", "node_failed", "node_lacks"]);
const STARTED_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 500;
type Say = (message: object) => void;

export function servePopup(port: chrome.runtime.Port, link: Link, cache: Cache, popups: Set<chrome.runtime.Port>): void {
  popups.add(port);
  port.onDisconnect.addListener(() => popups.delete(port));
  const said: Say = (message) => {
    if (popups.has(port)) port.postMessage(message);
  };
  port.onMessage.addListener((message: unknown) => {
    if (!isObject(message)) return;
    void act(message, link, cache, said).catch((error: unknown) => {
      if (error instanceof Refusal && NODE.has(error.code)) return said({ node: { code: error.code, ms: null } });
      // what keeps the link from standing is said by the standing itself
      if (link.standing.phase === "ready" || (error instanceof Refusal && error.code === "start_failed")) {
        said({ problem: error instanceof Error ? error.message : "It did not work." });
      }
    });
  });
  port.postMessage({ standing: link.standing });
}

async function act(message: { [name: string]: unknown }, link: Link, cache: Cache, said: Say): Promise<void> {
  switch (message["do"]) {
    case "look":
      await link.open();
      return renew(link, cache, said);
    case "renew": return renew(link, cache, said);
    case "balances":
      return cache.balances(String(message["chain"]), Array.isArray(message["accounts"]) ? message["accounts"].map(String) : []);
    case "site": {
      const site = [...sites].find((one) => one.port.sender?.tab?.id === message["tab"]);
      return said({ site: site?.origin ?? null });
    }
    case "start": return start(link, cache, said);
    case "pair": return link.pair(browserName());
    case "compared": return link.compared(message["same"] === true);
    case "forget": return link.forget();
    case "disconnect":
      await link.request({ op: "disconnect", id: crypto.randomUUID(), origin: String(message["origin"]) }, "done");
  }
}

async function renew(link: Link, cache: Cache, said: Say): Promise<void> {
  if (link.standing.phase === "idle") return;
  const from = performance.now();
  await link.ask("status");
  said({ node: { code: "", ms: Math.max(1, Math.round(performance.now() - from)) } });
  await cache.renew();
}

/** Starts Fluxdesk, or brings its window to the front; where it was stopped, waits until it answers. */
async function start(link: Link, cache: Cache, said: Say): Promise<void> {
  await link.start();
  if (link.standing.phase !== "app_not_running") return;
  said({ starting: true });
  const until = performance.now() + STARTED_WITHIN_MS;
  try {
    while (link.standing.phase === "app_not_running" && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      await link.open();
    }
  } finally {
    said({ starting: false });
  }
  if (link.standing.phase === "app_not_running") throw new Refusal("start_failed", "Fluxdesk was started and does not answer yet. Look at its window, then open this again.");
  await renew(link, cache, said);
}

function browserName(): string {
  const brands = (navigator as unknown as { userAgentData?: { brands: { brand: string }[] } }).userAgentData?.brands ?? [];
  return brands.map((one) => one.brand).find((name) => !/not.?a.?brand|chromium/i.test(name)) ?? "Chromium";
}
