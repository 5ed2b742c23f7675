// The content script in its own world: carries messages between page and service worker, and reads none. The page cannot
// say who it is: the browser tells the worker. Opens no port before the page asks for something.
const TO_PAGE = "fluxdesk:page";
const TO_WORKER = "fluxdesk:worker";
let port: chrome.runtime.Port | null = null;
let asked = false;

function open(): chrome.runtime.Port {
  if (port) return port;
  const fresh = chrome.runtime.connect({ name: "page" });
  fresh.onMessage.addListener((message: object) => window.postMessage({ ...message, to: TO_PAGE }, location.origin));
  fresh.onDisconnect.addListener(() => {
    port = null;
    window.postMessage({ to: TO_PAGE, lost: true }, location.origin);
  });
  return (port = fresh);
}

window.addEventListener("message", (event: MessageEvent) => {
  const data: unknown = event.data;
  if (event.source !== window || event.origin !== location.origin || typeof data !== "object" || data === null) return;
  const { to, id, family, method, params } = data as { [name: string]: unknown };
  if (to !== TO_WORKER) return;
  try {
    asked = true;
    open().postMessage({ id, family, method, params });
  } catch {
    const error = { code: 4900, message: "The Fluxdesk extension was renewed. Load the page again." };
    window.postMessage({ to: TO_PAGE, id, error }, location.origin);
  }
});

// A page that the browser had put aside has lost its port and heard of nothing meanwhile.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !asked) return;
  try {
    open().postMessage({ again: true });
  } catch {
    // the extension was renewed: the page hears of it with its next request
  }
});
