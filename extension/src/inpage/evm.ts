// The EVM provider of a page: EIP-1193, announced by EIP-6963, with the older calls that sites still make. Every decision is
// made elsewhere.
import { ICON, NAME } from "./icon.ts";
import { JsonRpc, type Payload, type Reply } from "./legacy.ts";
import { listen, ProviderError, request } from "./wire.ts";

type Callback = (...values: unknown[]) => void;

class Provider {
  readonly isFluxdesk = true;
  /** Many sites offer an injected provider nothing without it, and every other wallet sets it; EIP-6963 says who we are. */
  readonly isMetaMask = true;
  /** As last heard; sites of the time before `request` read them here. */
  chainId: string | null = null;
  selectedAddress: string | null = null;
  readonly #callbacks = new Map<string, Callback[]>();
  readonly #older = new JsonRpc((asked) => this.request(asked), (method) => this.#known(method));
  #accounts: readonly string[] = [];
  #connected = true;

  constructor() {
    listen("evm", (event, data) => this.#hear(event, data));
  }

  get networkVersion(): string | null { return this.chainId && BigInt(this.chainId).toString(); }

  async request(asked: { method: string; params?: unknown }): Promise<unknown> {
    if (typeof asked !== "object" || asked === null || typeof asked.method !== "string" || asked.method.length === 0) {
      throw new ProviderError(-32600, "A request is an object with a method.");
    }
    const { method, params } = asked;
    if (params !== undefined && (typeof params !== "object" || params === null)) {
      throw new ProviderError(-32602, "Parameters are a list or an object.");
    }
    const result = await request("evm", method, params ?? []);
    if (method === "eth_chainId") this.chainId = result as string;
    if (method === "eth_accounts" || method === "eth_requestAccounts") this.#take(result as string[]);
    return result;
  }

  isConnected(): boolean { return this.#connected; }
  enable(): Promise<unknown> { return this.request({ method: "eth_requestAccounts" }); }
  send(asked: string | Payload, second?: unknown): unknown { return this.#older.send(asked, second); }
  sendAsync(asked: Payload | Payload[], callback: (error: Error | null, reply?: Reply | Reply[]) => void): void { this.#older.sendAsync(asked, callback); }

  on(event: string, callback: Callback): this {
    const list = this.#callbacks.get(event) ?? [];
    this.#callbacks.set(event, [...list, callback]);
    return this;
  }

  addListener(event: string, callback: Callback): this { return this.on(event, callback); }
  off(event: string, callback: Callback): this { return this.removeListener(event, callback); }
  listenerCount(event: string): number { return this.#callbacks.get(event)?.length ?? 0; }

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

  #hear(event: string, data: unknown): void {
    switch (event) {
      case "connect":
        this.#connected = true;
        this.chainId = (data as { chainId: string }).chainId;
        break;
      case "disconnect":
        this.#connected = false;
        return void this.emit(event, new ProviderError(4900, "The link to Fluxdesk ended."));
      case "chainChanged":
        if (this.chainId === data) return;
        this.chainId = data as string;
        this.emit("networkChanged", this.networkVersion);
        break;
      case "accountsChanged":
        if (!this.#take(data as string[])) return;
        break;
    }
    this.emit(event, data);
  }

  /** Whether they are others than before. */
  #take(accounts: readonly string[]): boolean {
    const changed = accounts.join() !== this.#accounts.join();
    this.#accounts = accounts;
    this.selectedAddress = accounts[0] ?? null;
    return changed;
  }

  /** What can be said without asking; `undefined` for anything else. */
  #known(method: string): unknown {
    switch (method) {
      case "eth_accounts": return [...this.#accounts];
      case "eth_coinbase": return this.selectedAddress;
      case "net_version": return this.networkVersion;
      default: return undefined;
    }
  }
}

export function offerEvm(): void {
  const provider = new Provider();
  const bound = new Proxy(provider, {
    // methods are taken off the object by many sites
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    // libraries wrap it and delete what they replaced
    deleteProperty: () => true,
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
