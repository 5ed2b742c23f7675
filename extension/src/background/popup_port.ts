// What the popup may ask for. It shows, pairs, forgets and disconnects; it approves nothing.
import { isObject } from "../protocol/check.ts";
import type { Cache } from "./cache.ts";
import type { Link } from "./link.ts";

export function servePopup(port: chrome.runtime.Port, link: Link, cache: Cache, popups: Set<chrome.runtime.Port>): void {
  popups.add(port);
  port.onDisconnect.addListener(() => popups.delete(port));
  port.onMessage.addListener((message: unknown) => {
    if (!isObject(message)) return;
    void act(message, link, cache).catch((error: unknown) => {
      if (popups.has(port)) port.postMessage({ problem: error instanceof Error ? error.message : "It did not work." });
    });
  });
  port.postMessage({ standing: link.standing });
}

async function act(message: { [name: string]: unknown }, link: Link, cache: Cache): Promise<void> {
  switch (message["do"]) {
    case "look":
      await link.open();
      return cache.renew();
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
