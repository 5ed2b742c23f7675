// `send` and `sendAsync`, which EIP-1193 replaced: JSON-RPC objects in, JSON-RPC objects out.
export interface Payload { id?: unknown; jsonrpc?: string; method: string; params?: unknown }
export interface Reply { id: unknown; jsonrpc: "2.0"; result?: unknown; error?: { code: number; message: string; data?: unknown } }
type Done = (error: Error | null, reply?: Reply | Reply[]) => void;

export class JsonRpc {
  /** `known` answers what needs no question, for sites that wait for nothing. */
  constructor(readonly request: (asked: { method: string; params?: unknown }) => Promise<unknown>, readonly known: (method: string) => unknown) {}

  /** `send(method, params)` and `send(payload)` promise a reply, `send(payload, callback)` calls back; what is known is said at once. */
  send(asked: string | Payload, second?: unknown): unknown {
    if (typeof second === "function") return this.sendAsync(asked as Payload, second as Done);
    if (typeof asked === "string") return this.#promised({ method: asked, ...(second === undefined ? {} : { params: second }) });
    const known = this.known(asked?.method);
    if (known !== undefined) return { id: asked.id ?? null, jsonrpc: "2.0", result: known } satisfies Reply;
    return this.#promised(asked);
  }

  sendAsync(asked: Payload | Payload[], done: Done): void {
    const all = Array.isArray(asked) ? Promise.all(asked.map((one) => this.#reply(one))) : this.#reply(asked);
    void all.then((reply) => done(Array.isArray(reply) ? null : failure(reply), reply));
  }

  async #promised(asked: Payload): Promise<Reply> {
    const reply = await this.#reply(asked);
    const error = failure(reply);
    if (error) throw error;
    return reply;
  }

  async #reply(asked: Payload): Promise<Reply> {
    const head = { id: asked?.id ?? null, jsonrpc: "2.0" as const };
    try {
      return { ...head, result: await this.request(asked) };
    } catch (error) {
      const { code, message, data } = error as { code?: number; message: string; data?: unknown };
      return { ...head, error: { code: code ?? -32603, message, ...(data === undefined ? {} : { data }) } };
    }
  }
}

const failure = ({ error }: Reply): Error | null => (error ? Object.assign(new Error(error.message), error) : null);
