// What the popup may ask for. It shows, pairs, forgets and disconnects; it approves nothing.
import { isObject } from "../protocol/check.ts";
import type { Cache } from "./cache.ts";
import type { Link } from "./link.ts";
import { Refusal } from "./refusal.ts";

const NODE: ReadonlySet<string> = new Set(["node_not_running", "node_failed", "node_lacks"]);

export function servePopup(port: chrome.runtime.Port, link: Link, cache: Cache, popups: Set<chrome.runtime.Port>): void {
  popups.add(port);
  port.onDisconnect.addListener(() => popups.delete(port));
  const said = (message: object): void => {
    if (popups.has(port)) port.postMessage(message);
  };
  port.onMessage.addListener((message: unknown) => {
    if (!isObject(message)) return;
    void act(message, link, cache).then((answer) => answer && said(answer)).catch((error: unknown) => {
      if (error instanceof Refusal && NODE.has(error.code)) return said({ node: error.code });
      said({ problem: error instanceof Error ? error.message : "It did not work." });
    });
  });
  port.postMessage({ standing: link.standing });
}

async function act(message: { [name: string]: unknown }, link: Link, cache: Cache): Promise<object | void> {
  switch (message["do"]) {
    case "look":
      await link.open();
      await cache.renew();
      return { node: "" };
    case "start": return link.start();
    case "pair": return link.pair(browserName());
    case "compared": return link.compared(message["same"] === true);
    case "forget": return link.forget();
    case "disconnect":
      await link.request({ op: "disconnect", id: crypto.randomUUID(), origin: String(message["origin"]) }, "done");
      return;
  }
}

function browserName(): string {
  const brands = (navigator as unknown as { userAgentData?: { brands: { brand: string }[] } }).userAgentData?.brands ?? [];
  return brands.map((one) => one.brand).find((name) => !/not.?a.?brand|chromium/i.test(name)) ?? "Chromium";
}
