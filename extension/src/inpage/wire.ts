// Requests from the page's world to the content script, and the answers. Runs before the page, among things the page may
// change later: what it needs is taken here once.
export type Family = "evm" | "solana";
type Listener = (event: string, data: unknown) => void;
interface Waiting { resolve: (value: unknown) => void; reject: (error: Error) => void }

const TO_PAGE = "fluxdesk:page";
const TO_WORKER = "fluxdesk:worker";
const post = window.postMessage.bind(window);
const { origin } = location;
const waiting = new Map<number, Waiting>();
const listeners: { [family in Family]: Listener[] } = { evm: [], solana: [] };
let number = 0;

export class ProviderError extends Error {
  constructor(readonly code: number, message: string, readonly data?: unknown) {
    super(message);
    this.name = "ProviderRpcError";
  }
}

export function request(family: Family, method: string, params: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const id = ++number;
    waiting.set(id, { resolve, reject });
    try {
      post({ to: TO_WORKER, id, family, method, params }, origin);
    } catch {
      waiting.delete(id);
      reject(new ProviderError(-32602, "The parameters hold something that cannot be sent."));
    }
  });
}

export const listen = (family: Family, listener: Listener): void => void listeners[family].push(listener);

window.addEventListener("message", (event: MessageEvent) => {
  const data = event.data as { [name: string]: unknown } | null;
  if (event.source !== window || typeof data !== "object" || data === null || data["to"] !== TO_PAGE) return;
  if (data["lost"] === true) {
    for (const one of waiting.values()) one.reject(new ProviderError(4900, "The link to Fluxdesk ended."));
    waiting.clear();
    return;
  }
  if (typeof data["event"] === "string") {
    for (const listener of listeners[data["family"] === "solana" ? "solana" : "evm"]) listener(data["event"], data["data"]);
    return;
  }
  const one = waiting.get(data["id"] as number);
  if (!one) return;
  waiting.delete(data["id"] as number);
  const error = data["error"] as { code: number; message: string; data?: unknown } | undefined;
  error ? one.reject(new ProviderError(error.code, error.message, error.data)) : one.resolve(data["result"]);
});
