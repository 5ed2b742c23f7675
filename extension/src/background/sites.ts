// The pages that talk to us, by the origin that the browser gives for them, and what they are told without asking.
export interface Site { port: chrome.runtime.Port; origin: string; waiting: Set<string> }
export type PageEvent = { family: "evm" | "solana"; event: string; data: unknown };

export const sites = new Set<Site>();

/** The origin of a page's port, or null for one that gets nothing: another extension, a frame, a page that is
 *  only made ready, a file, an opaque origin. */
export function originOf(sender: chrome.runtime.MessageSender | undefined): string | null {
  if (!sender || sender.id !== chrome.runtime.id || sender.frameId !== 0 || !sender.tab || sender.tab.incognito || sender.documentLifecycle === "prerender") return null;
  const origin = sender.origin ?? "";
  const secure = origin.startsWith("https://") || /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/.test(origin);
  return secure ? origin : null;
}

export function tell(origin: string | null, event: PageEvent): void {
  for (const site of sites) if (origin === null || site.origin === origin) site.port.postMessage(event);
}
