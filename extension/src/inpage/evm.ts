// The EVM provider of a page: EIP-1193, announced by EIP-6963. Every decision is made elsewhere.
import { ICON, NAME } from "./icon.ts";
import { listen, ProviderError, request } from "./wire.ts";

type Callback = (...values: unknown[]) => void;

class Provider {
  readonly isFluxdesk = true;
  /** Many sites offer an injected provider nothing without it, and every other wallet sets it; EIP-6963 says who we are. */
  readonly isMetaMask = true;
  readonly #callbacks = new Map<string, Callback[]>();
  #connected = true;

  constructor() {
    listen("evm", (event, data) => {
      if (event === "connect") this.#connected = true;
      if (event === "disconnect") {
        this.#connected = false;
        return this.emit(event, new ProviderError(4900, "The link to Fluxdesk ended."));
      }
      this.emit(event, data);
    });
  }

  request(asked: { method: string; params?: unknown }): Promise<unknown> {
    if (typeof asked !== "object" || asked === null || typeof asked.method !== "string" || asked.method.length === 0) {
      return Promise.reject(new ProviderError(-32600, "A request is an object with a method."));
    }
    const { method, params } = asked;
    if (params !== undefined && (typeof params !== "object" || params === null)) {
      return Promise.reject(new ProviderError(-32602, "Parameters are a list or an object."));
    }
    return request("evm", method, params ?? []);
  }

  isConnected(): boolean { return this.#connected; }

  on(event: string, callback: Callback): this {
    const list = this.#callbacks.get(event) ?? [];
    this.#callbacks.set(event, [...list, callback]);
    return this;
  }

  once(event: string, callback: Callback): this {
    const once: Callback = (...values) => {
      this.removeListener(event, once);
      callback(...values);
    };
    return this.on(event, once);
  }

  removeListener(event: string, callback: Callback): this {
    const list = this.#callbacks.get(event) ?? [];
    const at = list.lastIndexOf(callback);
    if (at >= 0) this.#callbacks.set(event, list.toSpliced(at, 1));
    return this;
  }

  removeAllListeners(event?: string): this {
    event === undefined ? this.#callbacks.clear() : this.#callbacks.delete(event);
    return this;
  }

  emit(event: string, ...values: unknown[]): boolean {
    const list = this.#callbacks.get(event) ?? [];
    for (const callback of list) {
      try {
        callback(...values);
      } catch (error) {
        setTimeout(() => { throw error; }); // the page's own mistake, shown where the page looks for it
      }
    }
    return list.length > 0;
  }
}

export function offerEvm(): void {
  const provider = new Provider();
  const bound = new Proxy(provider, {
    // methods are taken off the object by many sites; `deleteProperty` and writes stay without effect on others
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const info = Object.freeze({ uuid: crypto.randomUUID(), name: NAME, icon: ICON, rdns: "io.fluxdesk" });
  const detail = Object.freeze({ info, provider: bound });
  const announce = (): void => void window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
  if (!("ethereum" in window)) {
    Object.defineProperty(window, "ethereum", { value: bound, configurable: true, writable: true });
    window.dispatchEvent(new Event("ethereum#initialized"));
  }
}
