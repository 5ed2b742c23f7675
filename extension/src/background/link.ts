// The one way out of the browser: native port, hello, Noise handshake, pairing. Says in one word how things stand.
import { type Bytes, fromBase64, toBase64, utf8 } from "../bytes.ts";
import { Channel } from "../crypto/channel.ts";
import { Handshake } from "../crypto/noise.ts";
import { commitment, pairingCode, sameKey } from "../crypto/pairing.ts";
import { fromAgent, fromBridge, PROTOCOL, VERSION } from "../protocol/check.ts";
import type { Ask, Failed, FromAgent, FromBridge, State, ToAgent, ToBridge } from "../protocol/types.ts";
import { forgetDesktop, ownKey, pinDesktop, pinnedDesktop } from "./identity.ts";
import { Refusal } from "./refusal.ts";

const HOST = "io.fluxdesk.bridge";
const ANSWER_MS = 10_000;
const LONGEST_ASK = (1 << 20) - 1024;

/** `idle`: nothing was tried yet. The others are codes of the protocol, or stages of pairing. */
export type Phase =
  | "idle" | "connecting" | "ready" | "not_paired" | "comparing" | "confirmed"
  | "host_missing" | "wrong_caller" | "version_mismatch" | "app_not_running" | "unsafe_runtime" | "key_changed" | "closed";

export interface Standing { phase: Phase; reason: string; code: string | null; canStart: boolean; version: string; state: State | null }

interface Session { channel: Channel; hash: Bytes; remote: Bytes; sending: Promise<void>; receiving: Promise<void> }

export class Link {
  standing: Standing = { phase: "idle", reason: "", code: null, canStart: false, version: "", state: null };
  onChange: (standing: Standing) => void = () => {};

  #port: chrome.runtime.Port | null = null;
  #session: Session | null = null;
  #opening: Promise<void> | null = null;
  #replies: ((message: FromBridge | null) => void)[] = [];
  readonly #noise: Bytes[] = [];
  #noiseWaits: ((message: Bytes | null) => void) | null = null;
  readonly #asks = new Map<number, { resolve: (body: unknown) => void; reject: (error: Refusal) => void }>();
  readonly #requests = new Map<string, { resolve: (message: FromAgent) => void; reject: (error: Refusal) => void }>();
  readonly #starts: { resolve: () => void; reject: (error: Refusal) => void }[] = [];
  #pairing: { nonce: Bytes } | null = null;
  #number = 0;
  #channelOpen = false;
  #closings = 0; // of ours, whose `closed` is still to come

  /** Opens what is not open. Afterwards `standing` says how far it got. Never throws. */
  open(): Promise<void> {
    if (this.#session) return Promise.resolve();
    this.#opening ??= this.#open()
      .catch((error: unknown) => this.#stop(error instanceof Refusal ? error : new Refusal("closed", String(error))))
      .finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** Opens what is not open. Throws `Refusal` with the reason unless the agent knows this browser and answers. */
  async ready(): Promise<void> {
    await this.open();
    if (this.standing.phase !== "ready") throw this.#why();
  }

  /** A message to the agent and its answer. Throws `Refusal`. */
  async request<T extends FromAgent["op"]>(message: ToAgent & { id: string }, expected: T): Promise<Extract<FromAgent, { op: T }>> {
    await this.ready();
    const answer = await new Promise<FromAgent>((resolve, reject) => {
      this.#requests.set(message.id, { resolve, reject });
      this.#send(message);
    }).finally(() => this.#requests.delete(message.id));
    if (answer.op === "refused") throw new Refusal(answer.code, answer.reason);
    if (answer.op !== expected) throw new Refusal("failed");
    return answer as Extract<FromAgent, { op: T }>;
  }

  /** Tells the agent that nobody waits for an answer any longer. */
  cancel(id: string): void {
    if (this.#requests.has(id) && this.#session) this.#send({ op: "cancel", id });
    this.#requests.get(id)?.reject(new Refusal("closed"));
  }

  /** A read from the node. Throws `Refusal`. */
  async ask(what: Ask["what"], given: { [name: string]: unknown } = {}): Promise<unknown> {
    if (!this.#port) await this.open();
    if (!this.#port) throw this.#why();
    const message = { op: "ask" as const, id: ++this.#number, what, with: given };
    // the bridge ends at a longer one, and with it everybody's link
    if (utf8(JSON.stringify(message)).length > LONGEST_ASK) throw new Refusal("too_large");
    const { id } = message;
    return new Promise((resolve, reject) => {
      this.#asks.set(id, { resolve, reject });
      this.#toBridge(message);
    }).finally(() => this.#asks.delete(id));
  }

  /** Starts Fluxdesk, or brings its window to the front: a second start does that. */
  async start(): Promise<void> {
    if (!this.#port) await this.open();
    if (!this.#port) throw this.#why();
    await this.#within(new Promise<void>((resolve, reject) => {
      this.#starts.push({ resolve, reject });
      this.#toBridge({ op: "start" });
    }));
  }

  async pair(browser: string): Promise<void> {
    await this.open();
    if (this.standing.phase !== "not_paired" || !this.#session) return;
    const nonce = crypto.getRandomValues(new Uint8Array(32)) as Bytes;
    this.#pairing = { nonce };
    this.#send({ op: "pair_commit", commitment: toBase64(await commitment(this.#session.hash, nonce)), browser });
  }

  /** The user's answer to "are the six digits the same?". */
  compared(same: boolean): void {
    if (this.standing.phase !== "comparing") return;
    if (same) {
      this.#become("confirmed", "", this.standing.code);
      this.#send({ op: "pair_confirm" });
    } else this.#stop(new Refusal("pairing_failed", "The codes differed. Nothing was stored. Something may stand between browser and Fluxdesk."));
  }

  async forget(): Promise<void> {
    await forgetDesktop();
    this.#stop(new Refusal("closed", "The pairing was forgotten."));
    await this.open();
  }

  async #open(): Promise<void> {
    this.#session = null;
    this.#pairing = null;
    this.#become("connecting");
    if (!this.#port) {
      this.#connect();
      const welcome = await this.#reply({ op: "hello", protocol: PROTOCOL, version: VERSION });
      if (welcome.op !== "welcome" || welcome.protocol !== PROTOCOL) throw new Refusal("version_mismatch");
      this.standing = { ...this.standing, canStart: welcome.can_start ?? false, version: welcome.version };
    }
    await this.#reply({ op: "open" });
    this.#channelOpen = true;
    const shake = await Handshake.begin(true, await ownKey(), utf8(`fluxdesk agent channel ${PROTOCOL}`));
    this.#noise.length = 0;
    this.#toBridge({ op: "bytes", data: toBase64(await shake.write()) });
    await shake.read(await this.#nextNoise());
    this.#toBridge({ op: "bytes", data: toBase64(await shake.write()) });
    const { hash, remote, send, receive } = await shake.finish();
    const pinned = await pinnedDesktop();
    if (pinned && !sameKey(pinned, remote)) throw new Refusal("key_changed");
    this.#session = { channel: new Channel(send, receive), hash, remote, sending: Promise.resolve(), receiving: Promise.resolve() };
    for (const early of this.#noise.splice(0)) this.#receive(early);
    if (!pinned) return this.#become("not_paired");
    const first = crypto.randomUUID();
    const answer = await this.#within(new Promise<FromAgent>((resolve, reject) => {
      this.#requests.set(first, { resolve, reject });
      this.#send({ op: "status", id: first });
    }).finally(() => this.#requests.delete(first)));
    if (answer.op === "refused" && answer.code === "not_paired") return this.#become("not_paired", "Fluxdesk no longer knows this browser.");
    if (answer.op !== "state") throw new Refusal("failed");
    this.#become("ready", "", null, answer);
  }

  #connect(): void {
    const port = chrome.runtime.connectNative(HOST);
    this.#port = port;
    port.onMessage.addListener((message: unknown) => {
      const known = fromBridge(message);
      if (known && this.#port === port) this.#fromBridge(known);
    });
    port.onDisconnect.addListener(() => {
      const why = chrome.runtime.lastError?.message ?? "";
      if (this.#port !== port) return;
      this.#port = null;
      this.#channelOpen = false;
      this.#closings = 0;
      const missing = /not found|forbidden|failed to start/i.test(why);
      this.#stop(missing ? new Refusal("host_missing", why) : new Refusal("closed", why));
    });
  }

  #fromBridge(message: FromBridge): void {
    switch (message.op) {
      case "bytes": {
        const noise = fromBase64(message.data);
        if (this.#session) this.#receive(noise);
        else if (this.#noiseWaits) this.#noiseWaits(noise);
        else this.#noise.push(noise);
        return;
      }
      case "answer": return this.#asks.get(message.id)?.resolve(message.body);
      case "closed":
        if (this.#closings > 0) return void this.#closings--;
        this.#channelOpen = false;
        return this.#stop(new Refusal("app_not_running", message.reason));
      case "failed": return this.#failed(message);
      case "started": return this.#starts.shift()?.resolve();
      default: this.#replies.shift()?.(message);
    }
  }

  #failed(message: Failed): void {
    const error = new Refusal(message.code, message.reason);
    if (typeof message.id === "number") this.#asks.get(message.id)?.reject(error);
    else if (message.code === "start_failed") this.#starts.shift()?.reject(error);
    else if (message.code === "closed") return; // to a word that crossed the agent's own end, which was said before
    else if (this.#replies.length > 0) this.#stop(error);
  }

  #receive(noise: Bytes): void {
    const session = this.#session!;
    session.receiving = session.receiving.then(async () => {
      if (this.#session !== session) return;
      try {
        const body = await session.channel.open(noise);
        if (!body) return;
        const message = fromAgent(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
        if (!message) throw new Refusal("malformed");
        await this.#fromAgent(message, session);
      } catch {
        if (this.#session === session) this.#stop(new Refusal("closed", "Fluxdesk said something that is not of this conversation."));
      }
    });
  }

  async #fromAgent(message: FromAgent, session: Session): Promise<void> {
    if (message.op === "pair_nonce" && this.#pairing) {
      const theirs = fromBase64(message.nonce);
      const code = await pairingCode(session.hash, this.#pairing.nonce, theirs);
      this.#send({ op: "pair_reveal", nonce: toBase64(this.#pairing.nonce) });
      return this.#become("comparing", "", code);
    }
    if (message.op === "paired") {
      if (this.standing.phase !== "confirmed") throw new Refusal("pairing_failed"); // the user has not said yes here
      await pinDesktop(session.remote);
      this.#pairing = null;
      this.#become("ready");
      this.#send({ op: "status", id: crypto.randomUUID() });
      return;
    }
    if (message.op === "refused" && !message.id) return this.#stop(new Refusal(message.code, message.reason));
    if ("id" in message && message.id && this.#requests.has(message.id)) this.#requests.get(message.id)!.resolve(message);
    if (message.op === "state" && (this.standing.phase === "ready" || this.standing.phase === "connecting")) {
      this.#become("ready", "", null, message);
    }
  }

  #send(message: ToAgent): void {
    const session = this.#session;
    if (!session) return;
    session.sending = session.sending.then(async () => {
      const parts = await session.channel.seal(utf8(JSON.stringify(message)));
      if (this.#session === session) for (const part of parts) this.#toBridge({ op: "bytes", data: toBase64(part) });
    }).catch(() => {
      if ("id" in message) this.#requests.get(message.id)?.reject(new Refusal("too_large"));
    });
  }

  #reply(message: ToBridge): Promise<FromBridge> {
    return this.#within(new Promise<FromBridge>((resolve, reject) => {
      this.#replies.push((answer) => (answer ? resolve(answer) : reject(this.#why())));
      this.#toBridge(message);
    }));
  }

  #nextNoise(): Promise<Bytes> {
    return this.#within(new Promise<Bytes>((resolve, reject) => {
      const early = this.#noise.shift();
      if (early) return resolve(early);
      this.#noiseWaits = (noise) => {
        this.#noiseWaits = null;
        noise ? resolve(noise) : reject(this.#why());
      };
    }));
  }

  async #within<T>(promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Refusal("closed", "Fluxdesk did not answer in ten seconds.")), ANSWER_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  #toBridge(message: ToBridge): void { this.#port?.postMessage(message); }

  /** Ends the session: whoever waits is told why, and `standing` says it. */
  #stop(error: Refusal): void {
    const phases: readonly string[] = ["host_missing", "wrong_caller", "version_mismatch", "app_not_running", "unsafe_runtime", "key_changed"];
    if (this.#channelOpen && this.#port) {
      this.#closings++;
      this.#toBridge({ op: "close" });
    }
    this.#channelOpen = false;
    this.#session = null;
    this.#pairing = null;
    this.#become((phases.includes(error.code) ? error.code : error.code === "pairing_failed" ? "not_paired" : "closed") as Phase, error.message);
    for (const reply of this.#replies.splice(0)) reply(null);
    this.#noiseWaits?.(null);
    for (const waiting of [...this.#requests.values(), ...this.#asks.values()]) waiting.reject(this.#why());
    if (error.code === "version_mismatch" || error.code === "wrong_caller") {
      this.#port?.disconnect();
      this.#port = null;
    }
  }

  #why(): Refusal {
    const { phase, reason } = this.standing;
    const code = phase === "comparing" || phase === "confirmed" ? "not_paired" : phase === "connecting" || phase === "idle" || phase === "ready" ? "closed" : phase;
    return new Refusal(code, reason);
  }

  #become(phase: Phase, reason = "", code: string | null = null, state: State | null = null): void {
    this.standing = { ...this.standing, phase, reason, code, state };
    this.onChange(this.standing);
  }
}
